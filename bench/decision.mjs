import { Bench } from 'tinybench';
import { loadBackbone } from '../dist/pipelines/load/load-backbone.js';
import { settingsSchema } from '../dist/src/config/settings.js';
import { cash, DOLLAR_TICKS } from '../dist/src/domain/money.js';
import { MILLISECOND, MINUTE, SECOND } from '../dist/src/domain/time.js';
import { emulatedFrames, emulatedHistory } from '../dist/src/emulator/world/generate.js';
import { assess, feePerContract, lawOfClose } from '../dist/src/execution/desk/assess.js';
import { backboneForecaster } from '../dist/src/forecast/serve/forecaster.js';
import { emptyPortfolio } from '../dist/src/portfolio/portfolio.js';
import { marketOf } from '../dist/src/pricing/edge.js';
import { printWindow } from '../dist/src/pricing/print-window.js';
import { wouldChange } from '../dist/src/pricing/would-change.js';
import { decisionLine } from '../dist/src/telemetry/decision-line.js';
import { kalshiDecoder } from '../dist/src/venues/kalshi/codec.js';
import { driveGraph } from './drive-graph.mjs';

const STRIKES = 20;
const TO_CLOSE_MINUTES = 15;
/** The emulated session opens at half past and its hourly contracts close on the hour. */
const RUN_MINUTES = 30 - TO_CLOSE_MINUTES;
/**
 * Index values gone through in turn, a dollar apart, so that no run of the law sees the same numbers twice in
 * a row.
 */
const SITUATIONS = 64;
/** Evaluations in one sample: the clock's own cost and grain vanish. */
const BATCH = 100;
const SAMPLE_MS = 2_000;

/**
 * An emulated market fifteen minutes before its hourly contracts close: books, contracts, prints, index and
 * forecast as the graph made them from emulated frames of both venues. The emulator's own code and seed, so
 * the same on every machine; SIMULATED.
 */
async function market(settings, forecaster) {
  const books = new Map();
  const contracts = new Map();
  const latest = {};
  const { assets } = settings;
  const prints = printWindow(assets[0]);
  const decodeKalshi = kalshiDecoder({ useYesPrice: settings.kalshi.useYesPrice, assets });
  const startAt = Date.parse(settings.emulator.startAt) * MILLISECOND;
  const until = startAt + RUN_MINUTES * MINUTE;
  function* batches() {
    const [history] = emulatedHistory(settings.emulator, settings.assets);
    yield [{ kind: 'session', at: startAt, name: 'bench', history: [history] }];
    for (const frame of emulatedFrames(settings.emulator, settings.assets)) {
      if (frame.at > until) return;
      if (frame.venue === 'kalshi')
        for (const event of decodeKalshi(frame.text, frame.at))
          if (event.kind === 'indexPrint') prints.add(event);
      yield [frame];
    }
  }
  await driveGraph({
    batches: batches(),
    startAt,
    settings,
    forecaster,
    tell: (event) => {
      if (event.kind === 'contractBook') books.set(event.ticker, event);
      else if (event.kind === 'contract') contracts.set(event.contract.ticker, event);
      else if (event.kind === 'index' || event.kind === 'forecast') latest[event.kind] = event;
    },
  });
  const hourly = [...contracts.values()]
    .filter(
      ({ contract: { series, closeAt } }) =>
        series === 'KXBTCD' && closeAt === until + TO_CLOSE_MINUTES * MINUTE,
    )
    .map(({ contract, state }) => {
      const { top: book, receivedAt } = books.get(contract.ticker);
      return { contract, contractState: state, book, bookReceivedAt: receivedAt, exchangeTrading: true };
    })
    .sort((a, b) => a.contract.floorUnits - b.contract.floorUnits);
  if (hourly.length !== STRIKES)
    throw new Error(`decision: hourly strikes must be ${STRIKES}, was ${hourly.length}`);
  const heard = ['krakenBook', 'kraken', 'kalshi', 'index'].map((feed) => ({
    feed,
    required: true,
    receivedAt: until - SECOND / 10,
  }));
  const situations = Array.from({ length: SITUATIONS }, (_, step) => ({
    now: until,
    index: { ...latest.index, value: latest.index.value + step - SITUATIONS / 2 },
    prints,
    forecast: latest.forecast,
    feeds: heard,
    halted: false,
    warmMinutes: settings.emulator.historyMinutes,
    requiredWarmMinutes: settings.emulator.historyMinutes,
    directIndex: true,
    limits: settings.risk,
  }));
  return { hourly, situations };
}

/** Nanoseconds of one assessment: price, propose, account, every check. */
export async function decision() {
  const settings = settingsSchema.parse({ emulator: { strikes: STRIKES, spanMinutes: RUN_MINUTES + 1 } });
  const { hourly, situations } = await market(settings, backboneForecaster(loadBackbone()));
  const { pricing, risk } = settings;
  const { member, desk } = settings.execution;
  const portfolio = emptyPortfolio(cash(desk.startingDollars * DOLLAR_TICKS));
  const terms = { pricing, member };
  const nearest = hourly[STRIKES >> 1];
  const { closeAt } = nearest.contract;

  const told = (subject, situation, id) => {
    const { contract, book } = subject;
    const assessment = assess(
      subject,
      lawOfClose(closeAt, situation, pricing.law),
      situation,
      portfolio,
      terms,
    );
    const { proposal, moments, judgement } = assessment;
    const change = wouldChange(
      {
        contract,
        proposal,
        moments,
        market: marketOf(book.bidTicks, book.askTicks),
        feePerContract: feePerContract(contract, member),
        limits: risk,
        at: undefined,
      },
      pricing.edge,
    );
    return decisionLine({
      kind: 'decision',
      ...judgement,
      id,
      at: situation.now,
      ticker: contract.ticker,
      bidTicks: book.bidTicks,
      askTicks: book.askTicks,
      proposal,
      wouldChange: change,
      inputs: '00000000',
    });
  };

  // Checked before timing: priced, every check found, and both verdicts' text is JSON.
  const line = JSON.parse(told(nearest, situations[0], 1));
  const findings = line.findings.length;
  if (!(line.proposal.modelProbability > 0 && line.proposal.modelProbability < 1) || findings < 30)
    throw new Error(`decision: the contract must be priced and checked, was ${JSON.stringify(line)}`);
  if (line.findings.some(({ observed }) => observed === null))
    throw new Error(`decision: every check must know what it checks, was ${JSON.stringify(line.findings)}`);

  let turn = 0;
  let sink = 0;
  const next = () => situations[turn++ & (SITUATIONS - 1)];
  const tasks = {
    'one contract, its close priced for it alone': {
      evaluations: 1,
      run: () => {
        const situation = next();
        const law = lawOfClose(closeAt, situation, pricing.law);
        sink += assess(nearest, law, situation, portfolio, terms).proposal.edgeDollars;
      },
    },
    [`one of ${STRIKES} strikes of one close`]: {
      evaluations: STRIKES,
      run: () => {
        const situation = next();
        const law = lawOfClose(closeAt, situation, pricing.law);
        for (let k = 0; k < STRIKES; k++)
          sink += assess(hourly[k], law, situation, portfolio, terms).proposal.edgeDollars;
      },
    },
    'the law of one close': {
      evaluations: 1,
      run: () => {
        sink += lawOfClose(closeAt, next(), pricing.law).sdLog;
      },
    },
    'one contract told: with what would change, and its line of the log': {
      evaluations: 1,
      run: () => {
        sink += told(nearest, next(), turn).length;
      },
    },
  };
  const bench = new Bench({ time: SAMPLE_MS, warmupTime: SAMPLE_MS / 4 });
  for (const [name, { evaluations, run }] of Object.entries(tasks))
    bench.add(name, () => {
      for (let left = BATCH / evaluations; left > 0; left--) run();
    });
  await bench.run();
  if (!Number.isFinite(sink)) throw new Error(`decision: results must be finite, was ${sink}`);
  return {
    name: 'One assessment: price, propose, account, every check',
    checks: findings,
    nanos: Object.fromEntries(
      bench.tasks.map(({ name, result }) => {
        if (result.state !== 'completed') throw result.error ?? new Error(`decision: ${name} did not run`);
        const { p50, p99, samplesCount } = result.latency;
        const each = (ms) => Math.round((ms * 1e6) / BATCH);
        return [name, { p50: each(p50), p99OfHundreds: each(p99), samples: samplesCount }];
      }),
    ),
  };
}
