import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../src/domain/events/order.ts';
import { cash, count } from '../../src/domain/money.ts';
import { DAY, MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { ledger } from '../../src/execution/desk/ledger.ts';
import { guard } from '../../src/execution/guard/guard.ts';
import { type GateMode, type SendCaps, sendGate } from '../../src/execution/kalshi/send-gate.ts';
import { liveSettings } from '../../src/execution/live-settings.ts';
import { CLOSE_AT, contractOf, fillOf, orderOf } from '../portfolio/samples.ts';
import { tally } from '../support/tally.ts';

/** `RELIABILITY_RUNS=20` is the full campaign of 10,000. */
const RUNS = 500 * Number(process.env['RELIABILITY_RUNS'] ?? 1);

const TICKERS = ['KXBTCD-A', 'KXBTCD-B'] as const;
const CONTRACTS = new Map(TICKERS.map((ticker) => [ticker as string, contractOf({ ticker })]));
const START_CASH = 10_000_000;
/** Ten seconds before midnight, so that days change on the way. */
const START_AT = Math.floor(CLOSE_AT / DAY) * DAY - 10 * SECOND;

const order = fc.record({
  kind: fc.constant('order' as const),
  ticker: fc.constantFrom(...TICKERS),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  count: fc.integer({ min: 1, max: 700 }),
  limitTicks: fc.integer({ min: 1, max: 99 }).map((cents) => cents * 100),
  shard: fc.constantFrom(2, 2, 2, 2, 2, 2, undefined),
  /** The id of an order that left before comes again. */
  again: fc.constantFrom(false, false, false, false, false, false, false, true),
});
const step = fc.oneof(
  { weight: 8, arbitrary: order },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      which: fc.nat(20),
      part: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('done' as const, 'rejected' as const, 'unknown' as const),
      which: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      // Mostly short: without a sign of life within a second nothing leaves, and no cap is met.
      millis: fc.oneof({ weight: 4, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.nat(25_000) }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('alive' as const, 'alive' as const, 'resume' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'restart' as const,
        'reduce' as const,
        'halt' as const,
        'arm' as const,
        'adopt' as const,
      ),
    }),
  },
);
const caps = fc.record({
  orderContractsMax: fc.integer({ min: 1, max: 7 }),
  openOrdersMax: fc.integer({ min: 1, max: 5 }),
  ordersPerMinuteMax: fc.integer({ min: 1, max: 8 }),
  dollarsPerDayMax: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 })),
});

interface Left {
  readonly order: Order;
  readonly life: number;
  filled: number;
  ended: boolean;
}

/** As `expect`, without its cost: the campaign compares millions of times. */
const same = (what: string, actual: unknown, expected: unknown): void => {
  if (actual !== expected) throw new Error(`${what}: must be ${String(expected)}, was ${String(actual)}`);
};

const dollarsOf = ({ side, limitTicks, count: size }: Order): number =>
  ((side === 'bid' ? limitTicks : 10_000 - limitTicks) / 10_000) * (size / 100);

/** Plays the steps; `pass` of the gate must say what the oracle, which keeps nothing but the list of what left, says. */
function play(
  limits: SendCaps,
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
): number {
  const left: Left[] = [];
  const booked = new Map<string, number>();
  const rejectedAt: Micros[] = [];
  const settings = liveSettings.parse({
    ...limits,
    dayLossMaxDollars: 1_000,
    drawdownMaxDollars: 1_000,
    rejectsPerMinuteMax: 3,
  });
  const newGuard = () =>
    guard({ settings, assets: [], clockOffsetMaxMicros: SECOND, peakDollars: undefined });
  let now: Micros = START_AT;
  let mode: GateMode = 'ARMED';
  let aliveAt: Micros | undefined;
  let life = 0;
  let ids = 0;
  let fills = 0;
  let spentCash = 0;
  let books = ledger(START_CASH / 10_000);
  const startBooks = (): void => {
    books = ledger(START_CASH / 10_000);
    books.carried({
      kind: 'carried',
      at: now,
      dayPnl: cash(0),
      orderIds: left.map(({ order: { clientOrderId } }) => clientOrderId),
    });
    spentCash = 0;
  };
  let watch = newGuard();
  let gate = sendGate(limits, { mode, at: now, by: 'the test', reason: 'it begins' });
  startBooks();
  const open = (): Left[] => left.filter((each) => each.life === life && !each.ended);
  const pick = (which: number): Left | undefined => {
    const all = open();
    return all[which % Math.max(1, all.length)];
  };
  const allowed = (next: Order): boolean => {
    const position = booked.get(next.ticker) ?? 0;
    if (mode === 'HALTED') return false;
    if (mode === 'REDUCE' && (next.side === 'ask' ? position : -position) < next.count) return false;
    if (aliveAt === undefined || now - aliveAt > SECOND || next.exchangeIndex === undefined) return false;
    if (left.some((each) => each.order.clientOrderId === next.clientOrderId)) {
      mode = 'HALTED';
      return false;
    }
    if (next.count / 100 > limits.orderContractsMax || open().length >= limits.openOrdersMax) return false;
    if (left.filter((each) => each.order.at > now - MINUTE).length >= limits.ordersPerMinuteMax) {
      mode = 'HALTED';
      return false;
    }
    const today = left.filter((each) => Math.floor(each.order.at / DAY) === Math.floor(now / DAY));
    const spent = today.reduce((sum, each) => sum + dollarsOf(each.order), 0);
    return spent + dollarsOf(next) <= limits.dollarsPerDayMax + 1e-9;
  };
  for (const each of steps) {
    switch (each.kind) {
      case 'order': {
        const known = each.again ? left.at(-1) : undefined;
        const next = orderOf({
          clientOrderId: known?.order.clientOrderId ?? `o${++ids}`,
          ticker: each.ticker,
          side: each.side,
          count: each.count,
          limitTicks: each.limitTicks,
          exchangeIndex: each.shard,
          at: now,
        });
        const refusal = gate.pass(next, now);
        same(`passed (${refusal})`, refusal === undefined, allowed(next));
        if (refusal !== undefined) break;
        left.push({ order: next, life, filled: 0, ended: false });
        books.sent(next, CONTRACTS.get(next.ticker) ?? contractOf(), cash(0));
        break;
      }
      case 'fill': {
        const one = pick(each.which);
        const size = one && Math.ceil((one.order.count - one.filled) / each.part);
        if (!one || !size) break;
        const fill = fillOf(one.order, { id: `f${++fills}`, count: size, at: now });
        // The venue says everything twice.
        for (const twice of [false, true]) {
          const { entered } = books.answered(fill);
          same('the fill is entered', entered, !twice);
          if (entered) gate.filled(fill);
        }
        one.filled += size;
        const before = booked.get(fill.ticker) ?? 0;
        const change = fill.side === 'bid' ? size : -size;
        const pairs = before * change < 0 ? Math.min(Math.abs(before), size) : 0;
        booked.set(fill.ticker, before + change);
        spentCash += fill.cash + pairs * 100;
        break;
      }
      case 'done':
      case 'rejected':
      case 'unknown': {
        const one = pick(each.which);
        if (!one || (each.kind === 'rejected' && one.filled > 0)) break;
        const { clientOrderId, ticker } = one.order;
        const head = { clientOrderId, ticker, at: now };
        const event =
          each.kind === 'done'
            ? ({ kind: 'orderDone', ...head, state: 'cancelled', filled: count(one.filled) } as const)
            : each.kind === 'rejected'
              ? ({ kind: 'orderRejected', ...head, why: 'no' } as const)
              : ({ kind: 'orderUnknown', ...head, why: 'late' } as const);
        books.answered(event);
        watch.receive(event);
        if (event.kind === 'orderUnknown') break;
        if (event.kind === 'orderRejected') rejectedAt.push(now);
        one.ended = true;
        gate.ended(clientOrderId);
        break;
      }
      case 'wait':
        now += each.millis * MILLISECOND;
        break;
      case 'alive':
        aliveAt = now;
        gate.alive(now);
        break;
      case 'resume':
        watch.rearm();
        rejectedAt.length = 0;
        gate.resume({ at: now, by: 'the operator', reason: 'a test' });
        mode = 'ARMED';
        break;
      case 'reduce':
      case 'halt':
      case 'arm': {
        const to = each.kind === 'reduce' ? 'REDUCE' : each.kind === 'halt' ? 'HALTED' : 'ARMED';
        gate.move({ mode: to, at: now, by: 'the guard', reason: String(now) });
        if (mode !== 'HALTED') mode = to;
        break;
      }
      case 'adopt':
        gate.adopted({
          kind: 'adopted',
          at: now,
          cash: cash(0),
          positions: [...booked].map(([ticker, position]) => ({
            ticker,
            position: count(position),
            paid: cash(0),
          })),
        });
        break;
      case 'restart': {
        life++;
        aliveAt = undefined;
        watch = newGuard();
        rejectedAt.length = 0;
        const today = left.filter((one) => Math.floor(one.order.at / DAY) === Math.floor(now / DAY));
        // A minute may reach into the day before; the journal gives what left today, or within the last minute.
        const before = left.filter((one) => today.includes(one) || one.order.at > now - MINUTE);
        gate = sendGate(
          limits,
          { mode, at: now, by: 'the journal', reason: 'a restart' },
          before.map((one) => one.order),
        );
        booked.clear();
        startBooks();
        break;
      }
    }
    const { halt } = watch.look(now);
    const rejects = rejectedAt.filter((at) => at > now - MINUTE).length;
    same('refusals halt', halt?.trip === 'rejects', rejects >= settings.rejectsPerMinuteMax);
    if (halt?.trip === 'rejects') {
      gate.move({ mode: 'HALTED', at: now, by: 'the guard', reason: halt.why });
      mode = 'HALTED';
    }
    same('the mode', gate.state().mode, mode);
    const portfolio = books.portfolio();
    same('cash', portfolio.cash - START_CASH, spentCash);
    for (const ticker of TICKERS)
      same('the position', portfolio.holdings.get(ticker)?.position ?? 0, booked.get(ticker) ?? 0);
  }
  return left.length;
}

describe('the limits of a live lane', () => {
  test(`property: hold under any interleaving of orders, fills, ends, refusals, modes, days and restarts (${RUNS} cases), and every cent is accounted for`, () => {
    let orders = 0;
    let tried = 0;
    fc.assert(
      fc.property(caps, fc.array(step, { minLength: 10, maxLength: 80 }), (limits, steps) => {
        tried++;
        orders += play(limits, steps);
      }),
      { numRuns: RUNS },
    );
    tally({ kind: 'interleavings against the limits', tried, survived: tried, lost: 0 });
    // Without orders nothing was tried.
    expect(orders).toBeGreaterThan(RUNS / 2);
  });
});
