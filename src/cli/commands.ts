import type { Command } from 'commander';

/** A command of `voltage` that is not loaded yet. */
export interface ListedCommand {
  readonly name: string;
  /** Its arguments as help shows them. */
  readonly args?: string;
  readonly says: string;
  readonly hidden?: boolean;
  /** Loads its module and adds it; commands of one module share this function and come together. */
  readonly add: (program: Command) => Promise<void>;
}

const operate: ListedCommand['add'] = async (program) =>
  (await import('./commands/operate.ts')).addOperate(program);

/** Every command of `voltage`, in the order of help. Each is loaded only when it is called. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'demo',
    says: 'run the whole graph on emulated venues: nothing real, nothing to install (SIMULATED)',
    add: async (program) => (await import('./commands/demo.ts')).addDemo(program),
  },
  {
    name: 'paper',
    says: 'trade on paper against live venues: real prices, no order leaves this machine',
    add: async (program) => (await import('./commands/paper.ts')).addPaper(program),
  },
  {
    name: 'live',
    says: 'trade with real orders; begin with --environment demo (docs/live.md)',
    add: async (program) => (await import('./commands/live.ts')).addLive(program),
  },
  {
    name: 'record',
    says: 'record live venues to tapes that backtest replays',
    add: async (program) => (await import('./commands/record.ts')).addRecord(program),
  },
  {
    name: 'backtest',
    args: '<tapes...>',
    says: 'replay recorded tapes through the graph; the same tapes give the same decisions',
    add: async (program) => (await import('./commands/backtest.ts')).addBacktest(program),
  },
  {
    name: 'sweep',
    args: '<tapes...>',
    says: 'ask one replay of many settings at once: a desk and an account for each point of a grid',
    add: async (program) => (await import('./commands/sweep.ts')).addSweep(program),
  },
  {
    name: 'tape',
    says: 'list, print, cut, merge and check tapes',
    add: async (program) => (await import('./commands/tape.ts')).addTape(program),
  },
  {
    name: 'console',
    args: '<run|tape>',
    says: 'open a recorded tape or a finished run in the console, and scrub through it',
    add: async (program) => (await import('./commands/console.ts')).addConsole(program),
  },
  {
    name: 'emulate',
    says: 'serve both venues emulated on loopback, for any client, until stopped (SIMULATED)',
    add: async (program) => (await import('./commands/emulate.ts')).addEmulate(program),
  },
  {
    name: 'generate',
    says: 'write a tape of the emulated venues, the same for the same seed, to replay with backtest (SIMULATED)',
    add: async (program) => (await import('./commands/generate.ts')).addGenerate(program),
  },
  {
    name: 'history',
    says: "one-minute bars of Kraken's BTC/USD: downloaded trade by trade with resume, or imported from its archive",
    add: async (program) => (await import('./commands/history.ts')).addHistory(program),
  },
  {
    name: 'fit-backbone',
    says: 'fit HAR-X with seasonality and its tails on one-minute bars',
    add: async (program) => (await import('./commands/fit-backbone.ts')).addFitBackbone(program),
  },
  {
    name: 'features',
    says: 'list every feature: its name, unit, source, warm-up and meaning',
    add: async (program) => (await import('./commands/features.ts')).addFeatures(program),
  },
  {
    name: 'dataset',
    says: 'write the features that models are trained on as Parquet, by the operators that run live',
    add: async (program) => (await import('./commands/dataset.ts')).addDataset(program),
  },
  {
    name: 'evaluate',
    says: 'score the models against HAR with season on bars that they have not seen',
    add: async (program) => (await import('./commands/evaluate.ts')).addEvaluate(program),
  },
  {
    name: 'score',
    says: "hold the model against the market, on a lane's own run or on recorded quotes: log-loss, weight, markouts",
    add: async (program) => (await import('./commands/score.ts')).addScore(program),
  },
  {
    name: 'doctor',
    says: 'check clock, venues, key, limits, journal, model, disk and InfluxDB, and say what to do; exit code 1 if anything fails',
    add: async (program) => (await import('./commands/doctor.ts')).addDoctor(program),
  },
  {
    name: 'status',
    says: 'say whether a live lane trades, what it holds and which orders are open',
    add: operate,
  },
  {
    name: 'limits',
    says: 'the caps of a live lane, and how much of them is used',
    add: operate,
  },
  {
    name: 'halt',
    says: 'stop a live lane: no order leaves any more, and all orders are cancelled; works without the lane too',
    add: operate,
  },
  {
    name: 'resume',
    says: 'let a halted live lane trade again',
    add: operate,
  },
  {
    name: 'cancel-all',
    says: 'cancel all orders of a live lane, which goes on',
    add: operate,
  },
  {
    name: 'reconcile',
    says: "read the venue's account now and hold it against the lane's",
    add: operate,
  },
  {
    name: 'resolve',
    args: '<scope>',
    says: "take the venue's word where it and the lane differ: a ticker, or account for the cash",
    add: operate,
  },
  {
    name: 'flatten',
    says: 'close the positions of a live lane as far as its books let it',
    add: operate,
  },
  {
    name: 'supervise',
    says: 'watch a live lane from outside, and cancel its orders if it dies; voltage live starts it',
    hidden: true,
    add: async (program) => (await import('./commands/supervise.ts')).addSupervise(program),
  },
  {
    name: 'journal',
    says: "check or read an account's journal",
    add: async (program) => (await import('./commands/journal.ts')).addJournal(program),
  },
  {
    name: 'why',
    args: '<ticker>',
    says: "say from a run's files why a contract was traded or not at a time",
    add: async (program) => (await import('./commands/why.ts')).addWhy(program),
  },
  {
    name: 'report',
    args: '[run]',
    says: 'write one HTML file of a run: what may be concluded, profit with its band, calibration, checks, trials',
    add: async (program) => (await import('./commands/report.ts')).addReport(program),
  },
  {
    name: 'compare',
    args: '<first> <second>',
    says: 'say where two runs of one time part and why, and how much the second made more',
    add: async (program) => (await import('./commands/compare.ts')).addCompare(program),
  },
  {
    name: 'query',
    args: '<sql>',
    says: "ask runs' decisions, orders and fills and the store's points, in SQL; nothing is changed",
    add: async (program) => (await import('./commands/query.ts')).addQuery(program),
  },
  {
    name: 'metrics',
    says: 'list every measurement that telemetry writes: tags, fields, units and meanings',
    add: async (program) => (await import('./commands/metrics.ts')).addMetrics(program),
  },
  {
    name: 'influx',
    says: 'prepare an InfluxDB 1.x for the points of lanes',
    add: async (program) => (await import('./commands/influx.ts')).addInflux(program),
  },
];
