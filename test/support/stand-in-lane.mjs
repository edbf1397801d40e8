// A stand-in for a live lane, as a process of its own: the lane's gateway, gate, control socket and supervisor, with
// orders that rest at a cent. Its argument is JSON: {restUrl, keyId, privateKeyPath, state, patienceMs}. It prints a
// line when orders rest, and goes on placing them until its gate is shut.
import { writeSync } from 'node:fs';
import { firstValueFrom } from 'rxjs';
import { controlSocket } from '../../dist/pipelines/edges/control-socket.js';
import { liveEdge } from '../../dist/pipelines/edges/edge.js';
import { startSupervisor } from '../../dist/pipelines/edges/start-supervisor.js';
import { freshToken, liveState } from '../../dist/src/cli/live-state.js';
import { superviseCommand } from '../../dist/src/cli/supervise-command.js';
import { readHalted } from '../../dist/src/execution/journal/halted-file.js';
import { cancelEverything } from '../../dist/src/execution/kalshi/cancel-everything.js';
import { kalshiGateway } from '../../dist/src/execution/kalshi/kalshi-gateway.js';
import { orderEntry } from '../../dist/src/execution/kalshi/order-entry.js';
import { orderHolds } from '../../dist/src/execution/kalshi/order-holds.js';
import { sendGate } from '../../dist/src/execution/kalshi/send-gate.js';
import { urgentCalls } from '../../dist/src/execution/kalshi/urgent-calls.js';
import { venueWrites } from '../../dist/src/execution/kalshi/venue-writes.js';
import { loadKey } from '../../dist/src/venues/kalshi/key.js';
import { kalshiSigner } from '../../dist/src/venues/kalshi/sign.js';

const BEAT_MS = 250;
const OLDEST_BEAT_MS = 1_000;
const SHARD = 2;

const { state, patienceMs, ...account } = JSON.parse(process.argv[2]);
const kalshi = { environment: 'demo', ...account };
const files = liveState({ kalshi }, state, process.env);
const edge = liveEdge();
const { clock } = edge;
const signer = kalshiSigner(loadKey(kalshi), edge.wallMillis);
const writes = venueWrites(edge.http, signer, kalshi);
const urgent = urgentCalls(edge.http, signer, kalshi);
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);

const caps = { orderContractsMax: 1e6, openOrdersMax: 1e6, ordersPerMinuteMax: 1e6, dollarsPerDayMax: 1e6 };
const before = readHalted(files.halted);
const gate = sendGate(
  caps,
  before
    ? { mode: 'HALTED', ...before }
    : { mode: 'ARMED', at: clock.at, by: 'the test', reason: 'it begins' },
);
const shut = (why) => gate.move({ mode: 'HALTED', ...why });
const isShut = () => gate.state().mode === 'HALTED';
let groupId;
const gateway = kalshiGateway({
  entry: orderEntry({ writes, clock }),
  gate,
  holds: orderHolds(),
  groups: { groupOf: () => ({ kind: 'ready', groupId }), refused: () => {} },
  journal: { append: () => {} },
  stamp: () => clock.at,
  restMaxMicros: 600_000_000,
});

const token = freshToken(files.token);
const supervisor = await startSupervisor({
  ...superviseCommand({ kalshi }, { state }, patienceMs, process.env),
  log: files.supervisorLog,
  clock,
});
supervisor.lost$.subscribe((why) => {
  shut({ at: clock.at, by: 'the supervisor', reason: why });
  say({ lost: why });
});

const jsonOf = (answer) => JSON.parse(answer.text);
const groupAnswer = await firstValueFrom(
  writes.call(
    'POST',
    '/portfolio/order_groups/create',
    JSON.stringify({ contracts_limit: 1_000, exchange_index: SHARD }),
  ),
);
groupId = jsonOf(groupAnswer).order_group_id;
const groups = [{ id: groupId, shard: SHARD }];
let beatMs = clock.now();
let shutTold = false;
setInterval(() => {
  const halted = readHalted(files.halted);
  if (halted) shut(halted);
  else gate.alive(clock.at);
  if (isShut() && !shutTold) {
    shutTold = true;
    say({ shut: gate.state().by, reason: gate.state().reason });
  }
  beatMs = clock.now();
  supervisor.beat(groups);
}, BEAT_MS);
supervisor.beat(groups);

await controlSocket(files.socket, token, {
  status: () => ({
    mode: gate.state().mode,
    reason: isShut() ? gate.state().reason : '',
    by: isShut() ? gate.state().by : '',
    since: gate.state().at,
    cashDollars: null,
    positions: {},
    openOrders: 0,
    unknownOrders: 0,
  }),
  limits: () => caps,
  halt: (by, reason) => {
    shut({ at: clock.at, by, reason });
    return firstValueFrom(cancelEverything(urgent, clock, { groups }));
  },
  resume: () => 'a stand-in is not resumed',
  cancelAll: () => firstValueFrom(cancelEverything(urgent, clock)),
  reconcile: () => 'a stand-in has nothing to read',
  resolve: () => 'a stand-in has nothing to resolve',
  flatten: async () => 'there is nothing to flatten',
});

const markets = await firstValueFrom(urgent('GET', '/markets?status=open&limit=1000', 5_000));
const listed = jsonOf(markets).markets;
const tickers = listed.map(({ ticker }) => ticker);
for (const ticker of tickers)
  gateway.heard({
    kind: 'contract',
    contract: { ticker, tickBands: [{ startTicks: 0, endTicks: 10_000, stepTicks: 100 }] },
  });
let placed = 0;
const id = () => `stand-in-${process.pid}-${++placed}`;
const place = () => {
  if (clock.now() - beatMs > OLDEST_BEAT_MS) return;
  gateway.send({
    kind: 'place',
    order: {
      clientOrderId: id(),
      decisionId: placed,
      ticker: tickers[placed % tickers.length],
      exchangeIndex: SHARD,
      side: 'bid',
      limitTicks: 100,
      count: 100,
      timeInForce: 'gtc',
      postOnly: false,
      reduceOnly: false,
      at: clock.at,
    },
  });
};
let resting = 0;
gateway.request$.subscribe(({ outcome }) => {
  if (outcome.kind === 'answered' && outcome.status === 201 && ++resting === 4) say({ resting });
  if (outcome.kind === 'answered' && outcome.status !== 201 && outcome.status !== 429)
    say({ refused: outcome });
});
// One order of the group, so that its trigger has something to cancel.
await firstValueFrom(
  writes.call(
    'POST',
    '/portfolio/events/orders',
    JSON.stringify({
      ticker: tickers[0],
      client_order_id: id(),
      side: 'bid',
      count: '1.00',
      price: '0.0100',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
      order_group_id: groupId,
      exchange_index: SHARD,
    }),
  ),
);
setInterval(place, 120);
process.stdin.on('data', async () => {
  // Any word on stdin is the wish to end regularly.
  shut({ at: clock.at, by: 'the test', reason: 'a regular end' });
  await firstValueFrom(cancelEverything(urgent, clock));
  await supervisor.bye();
  process.exit(0);
});
