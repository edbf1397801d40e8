import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { influxAbsent } from './influx-absent.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const count = (value) => value.toLocaleString('en-GB');

const peersAbsent = existsSync(at('node_modules/ccxt'))
  ? undefined
  : 'peers are not installed: npm --prefix bench ci --ignore-scripts';

const delays = ({ cost: { eventLoopDelayMs: ms, cpuShare } }) => [
  [
    'event loop late by',
    `p50 ${ms.p50} ms, p99 ${ms.p99} ms, max ${ms.max} ms`,
    `CPU ${Math.round(cpuShare * 100)} % of a core, all threads`,
  ],
];

/**
 * Every benchmark: its function, why it cannot run here, and its result as rows of the table: what, value,
 * what to read it beside. One that takes minutes is run only when it is named.
 */
const benchmarks = {
  'kraken-book': {
    run: 'krakenBook',
    rows: ({ messagesPerSecond, slowest, fastest }) => [
      [
        'JSON text to top, CRC32 checked',
        `${count(messagesPerSecond)} messages/s`,
        `${count(slowest)} to ${count(fastest)}`,
      ],
    ],
  },
  peers: {
    run: 'comparePeers',
    absent: peersAbsent,
    rows: ({ peers }) =>
      Object.entries(peers).map(([name, { messagesPerSecond, oursOverThis }]) => [
        name,
        `${count(messagesPerSecond)} messages/s`,
        `ours / this ${oursOverThis}`,
      ]),
  },
  'tape-replay': {
    run: 'tapeReplay',
    rows: (result) => [
      ...Object.entries(result.framesPerSecond).map(([name, rate]) => [name, `${count(rate)} frames/s`, '']),
      ['graph / JSON.parse, in memory', result.ratioInMemory, 'aim 0.3'],
      ['graph / JSON.parse, both from files', result.ratioFromFiles, ''],
      ['graph from files / JSON.parse in memory', result.ratioFromFilesToParseInMemory, ''],
      [
        'resident memory',
        `${result.memory.rssMaxMegabytes} MB at most`,
        `${result.memory.rssSlopeMegabytesPerMillionFrames} MB per million frames, second half`,
      ],
      [
        'heap after collection',
        `${result.memory.heapAfterCollectionMegabytes.least} to ${result.memory.heapAfterCollectionMegabytes.most} MB`,
        `${result.memory.heapSlopeMegabytesPerMillionFrames} MB per million frames`,
      ],
      ['decisions', count(result.decisions), `sha256 ${result.decisionSha256.slice(0, 16)}…`],
    ],
  },
  decision: {
    run: 'decision',
    rows: ({ nanos, checks }) =>
      Object.entries(nanos).map(([name, { p50 }]) => [name, `${count(p50)} ns`, `${checks} checks`]),
  },
  forecast: {
    run: 'forecast',
    rows: ({ micros }) =>
      Object.entries(micros).map(([name, { p50, p99, max }]) => [
        `one forecast, ${name}`,
        `p50 ${p50} µs, p99 ${p99} µs, max ${count(max)} µs`,
        '',
      ]),
  },
  latency: {
    run: 'latency',
    rows: ({ micros }) =>
      Object.entries(micros).map(([name, { p50, p99, max, count: counted }]) => [
        name,
        `p50 ${p50} µs, p99 ${p99} µs, max ${count(max)} µs`,
        `${count(counted)} of them`,
      ]),
  },
  console: {
    run: 'consoleCost',
    rows: ({ micros, ratio, ratioOfRounds, clients }) => [
      ...Object.entries(micros).flatMap(([what, sides]) =>
        Object.entries(sides).map(([side, { p50, p99, max, count: counted }]) => [
          `${what}, ${side}`,
          `p50 ${p50} µs, p99 ${p99} µs, max ${count(max)} µs`,
          `${count(counted)} of them`,
        ]),
      ),
      ...Object.entries(ratio).map(([what, { p50, p99 }]) => [
        `${what}, with / without`,
        `p50 ${p50}, p99 ${p99}`,
        `${clients} readers and both sinks, aim 1.1; rounds ${ratioOfRounds.join(', ')}`,
      ]),
    ],
  },
  'many-contracts': {
    run: 'manyContracts',
    rows: ({ growth, rows }) => [
      ...rows.map(({ contracts, framesPerSecond, parseOverFrame, toDecisionMicros: { p50, p99 } }) => [
        `${count(contracts)} contracts`,
        `${count(framesPerSecond)} frames/s of CPU`,
        `JSON.parse / frame ${parseOverFrame}, frame to decision p50 ${count(p50)} µs, p99 ${count(p99)} µs`,
      ]),
      ['a frame with the most / with the fewest', growth, 'aim 1.5; p99 with 400 contracts, aim 2,000 µs'],
    ],
  },
  orders: {
    run: 'orders',
    rows: ({ micros }) =>
      Object.entries(micros).map(([name, { p50, p99, max, count: counted }]) => [
        name,
        `p50 ${count(p50)} µs, p99 ${count(p99)} µs, max ${count(max)} µs`,
        `${count(counted)} of them`,
      ]),
  },
  influx: {
    run: 'influx',
    absent: influxAbsent(),
    rows: (result) => [
      [
        'sink to a real influxd',
        `${count(result.pointsPerSecond)} points/s`,
        `aim 50,000; at most ${count(result.mostQueued)} of ${count(result.queueBound)} queued`,
      ],
      [
        'CPU a point',
        `ours ${result.ourMicrosPerPoint} µs`,
        `the server ${result.serverMicrosPerPoint} µs, on the same cores`,
      ],
      [
        "the lane's own part",
        `${result.laneMicrosPerPoint} µs a point`,
        `${Math.round(result.laneShare * 1000) / 10} % of the run`,
      ],
      ...delays(result),
    ],
  },
  recorder: {
    run: 'recorder',
    rows: (result) => [
      [
        'sockets to tapes',
        `${count(result.framesPerSecond)} frames/s for ${result.asked.seconds} s`,
        `lost ${result.framesLost}, shed ${result.framesShed}, ${count(result.framesReadBack)} of ${count(result.framesSent)} read back`,
      ],
      [
        'tapes',
        `${result.megabytesPerMinute} MB a minute`,
        `text / tape ${result.compression}, ${result.rotations} rotations`,
      ],
      ...delays(result),
    ],
  },
  soak: {
    run: 'soak',
    named: true,
    rows: ({ asked, steady, overloaded }) => [
      [
        'paper lane over sockets',
        `${count(steady.framesPerSecond)} frames/s for ${asked.seconds} s`,
        `${count(steady.decisions)} decisions, shed ${steady.framesShed}, lost ${steady.framesLost}`,
      ],
      [
        'resident memory',
        `${steady.rssMegabytes.least} to ${steady.rssMegabytes.most} MB`,
        `${steady.rssSlopeMegabytesPerMinute} MB a minute after the first fifth`,
      ],
      ...(steady.heapAfterCollectionMegabytes
        ? [
            [
              'heap after collection',
              `${Math.min(...steady.heapAfterCollectionMegabytes)} to ${Math.max(...steady.heapAfterCollectionMegabytes)} MB`,
              `${steady.heapSlopeMegabytesPerMinute} MB a minute, standard error ${steady.heapSlopeStandardError}`,
            ],
          ]
        : []),
      ...delays(steady),
      [
        `consumer of ${overloaded.burnMs} ms a book change`,
        `${Math.round(overloaded.shedShare * 100)} % of frames shed`,
        `behind by p50 ${count(overloaded.lagMs.p50)} ms, max ${count(overloaded.lagMs.most)} ms; ${count(overloaded.mostQueuedFrames)} frames waited at most`,
      ],
    ],
  },
};

/** Flags are for the benchmarks, those that take some. */
const given = process.argv.slice(2).filter((word) => word.startsWith('--'));

/**
 * The result of one benchmark, run in a process of its own so that no heap and no compiled code is shared.
 */
function measure(name, { run, absent }) {
  if (absent) return { absent };
  return new Promise((resolve, reject) => {
    let result;
    const child = fork(at('child.mjs'), [name, run, ...given], {
      execArgv: ['--expose-gc'],
      serialization: 'advanced',
    });
    child.once('message', (message) => {
      result = message;
    });
    child.once('exit', (code) =>
      code === 0 && result
        ? resolve(result)
        : reject(new Error(`bench: ${name} must end with a result, was exit code ${code}`)),
    );
  });
}

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);
  process.exit(1);
}
const chosen = Object.entries(benchmarks).filter(([name, { named }]) =>
  asked.length === 0 ? !named : asked.includes(name),
);
const [{ model } = { model: 'unknown' }] = cpus();
const machine = {
  cpu: model,
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const file = at('results.json');
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : {};
/** A run of all keeps only what it does not measure. */
const results = Object.fromEntries(
  Object.entries(before).filter(([name]) => asked.length > 0 || benchmarks[name]?.named),
);
const table = [];
for (const [name, benchmark] of chosen) {
  process.stderr.write(`${name} …\n`);
  // What else the machine was doing: above a few tenths, read ratios only.
  const loadBefore = Math.round(loadavg()[0] * 100) / 100;
  const result = await measure(name, benchmark);
  results[name] = { date: new Date().toISOString(), loadBefore, ...result };
  const rows = result.absent ? [['not run', '', result.absent]] : benchmark.rows(result);
  for (const [what, value, beside] of rows) table.push({ benchmark: name, what, value, beside });
}

const hashes = new Set(
  Object.values(results).flatMap(({ decisionSha256 }) => (decisionSha256 ? [decisionSha256] : [])),
);
if (asked.length === 0 && hashes.size > 1)
  throw new Error(`bench: all benchmarks must decide alike, was ${[...hashes].join(', ')}`);

console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, Node ${machine.node}`);
const width = (key) => Math.max(...table.map((row) => String(row[key]).length));
const widths = ['benchmark', 'what', 'value'].map((key) => [key, width(key)]);
for (const row of table)
  console.log(
    [...widths.map(([key, size]) => String(row[key]).padEnd(size)), row.beside].join('  ').trimEnd(),
  );
writeFileSync(
  file,
  `${JSON.stringify({ machine, date: new Date().toISOString(), results }, undefined, 2)}\n`,
);
