import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VenueAccountEvent, VenuePositions } from '../../../src/domain/events/venue-account.ts';
import { cash, count } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { reconciliation } from '../../../src/execution/desk/reconciliation.ts';
import { adopt } from '../../../src/portfolio/adopt.ts';
import { emptyPortfolio, type OpenOrder, type Portfolio } from '../../../src/portfolio/portfolio.ts';
import { contractOf, orderOf } from '../../portfolio/samples.ts';
import '../../support/properties.ts';

const START = 1_000 * SECOND;
const LATER = 60 * SECOND;
const stamps = { at: START, receivedAt: START };
const held = (ticker: string, position: number): VenuePositions['positions'][number] => ({
  ticker,
  position: count(position),
  paid: cash(5_000),
});
const asOf = (at: number): VenueAccountEvent => ({ kind: 'venueAsOf', ...stamps, asOf: at });
const positionsOf = (positions: VenuePositions['positions']): VenueAccountEvent => ({
  kind: 'venuePositions',
  ...stamps,
  positions,
});
const balance = (...byShard: readonly number[]): VenueAccountEvent => ({
  kind: 'venueBalance',
  ...stamps,
  byShard: byShard.map((each, index) => ({ index, cash: cash(each) })),
});
const orders = (
  ids: readonly string[],
  more: { first?: boolean; complete?: boolean } = {},
): VenueAccountEvent => ({
  kind: 'venueOrders',
  ...stamps,
  clientOrderIds: ids,
  since: START,
  first: more.first ?? true,
  complete: more.complete ?? true,
});
const moved = (id: string, change: 'deposit' | 'withdrawal', amount: number): VenueAccountEvent => ({
  kind: 'cashMoved',
  ...stamps,
  id,
  change,
  cash: cash(amount),
  fee: cash(0),
  appliedAt: START,
});
const settlement = (ticker: string, result: 'yes' | 'no'): VenueAccountEvent => ({
  kind: 'venueSettlement',
  ...stamps,
  ticker,
  result,
  yesCount: count(0),
  noCount: count(0),
  paidOut: cash(0),
  settledAt: START,
});
const open = (state: OpenOrder['state'], terms: Parameters<typeof orderOf>[0] = {}): OpenOrder => ({
  order: orderOf({ at: START + SECOND, ...terms }),
  contract: contractOf(),
  state,
  filled: count(0),
  remaining: count(100),
  feeBound: cash(0),
});
const withOrders = (portfolio: Portfolio, ...all: readonly OpenOrder[]): Portfolio => ({
  ...portfolio,
  orders: new Map(all.map((each) => [each.order.clientOrderId, each])),
});

/** A reconciliation that is told whole rounds. */
const reading = (start = START) => {
  const one = reconciliation(start);
  const round = (
    at: number,
    portfolio: Portfolio,
    theirs: number,
    positions: VenuePositions['positions'] = [],
    ids: readonly string[] = [],
  ) =>
    [asOf(at), orders(ids), positionsOf(positions), balance(theirs)].flatMap((event) =>
      one.receive(event, portfolio),
    );
  return { ...one, round };
};
const EMPTY = emptyPortfolio(cash(0));
/** One that has adopted 1,000,000 in cash and one position, and the account that it gave. */
const begun = () => {
  const one = reading();
  const positions = [held('KX-A', 300)];
  one.round(START + 1, EMPTY, 1_000_000, positions);
  const [found] = one.round(START + 2, EMPTY, 1_000_000, positions);
  if (found?.kind !== 'adopt') throw new Error('the account must be adopted');
  return { ...one, positions, portfolio: adopt(EMPTY, found) };
};

describe('reconciliation', () => {
  test('property: the account is adopted in the second of two equal rounds after our last act, and never again', () => {
    const told = fc.record({
      after: fc.integer({ min: -3, max: 3 }),
      cash: fc.constantFrom(100, 200),
      position: fc.constantFrom(0, 300),
    });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (rounds) => {
        const one = reading();
        let before = '';
        let adopted = false;
        for (const { after, cash: theirs, position } of rounds) {
          const positions = position === 0 ? [] : [held('KX-A', position)];
          const found = one.round(START + after, EMPTY, theirs, positions);
          const said = JSON.stringify([theirs, position]);
          const expected: boolean = !adopted && after > 0 && said === before;
          expect(found.some(({ kind }) => kind === 'adopt')).toBe(expected);
          if (expected) expect(found).toEqual([{ kind: 'adopt', cash: theirs, positions }]);
          if (after > 0) before = said;
          adopted ||= expected;
        }
      }),
    );
  });

  test('an act of ours makes every read of an earlier time old', () => {
    const one = reading();
    one.round(START + 1, EMPTY, 5);
    one.active(START + LATER);
    expect(one.round(START + LATER, EMPTY, 5)).toEqual([]);
    expect(one.round(START + LATER + 1, EMPTY, 5)).toEqual([{ kind: 'adopt', cash: 5, positions: [] }]);
  });

  test('nothing is adopted while an order of ours is open', () => {
    const one = reading();
    const busy = withOrders(EMPTY, open('resting'));
    one.round(START + 1, busy, 5, [], ['o1']);
    expect(one.round(START + 2, busy, 5, [], ['o1'])).toEqual([]);
    expect(one.round(START + 3, EMPTY, 5)).toHaveLength(1);
  });

  test('cash without the positions of its own round proves nothing', () => {
    const one = reading();
    one.round(START + 1, EMPTY, 5);
    expect([asOf(START + 2), balance(5)].flatMap((event) => one.receive(event, EMPTY))).toEqual([]);
  });

  test('cash is the sum over all shards', () => {
    const one = reading();
    for (const at of [START + 1, START + 2]) {
      one.receive(asOf(at), EMPTY);
      one.receive(positionsOf([]), EMPTY);
      const found = one.receive(balance(3, 4, 5), EMPTY);
      if (at > START + 1) expect(found).toEqual([{ kind: 'adopt', cash: 12, positions: [] }]);
    }
    expect(one.venueCash()).toBe(12);
  });

  test('property: a difference is told once, in its second round in a row, and anew only after another', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2), { maxLength: 14 }), (offsets) => {
        const { round, positions, portfolio } = begun();
        let before = 0;
        const told = new Set<number>();
        let last = 0;
        for (const [i, offset] of offsets.entries()) {
          const found = round(START + 10 + i, portfolio, 1_000_000 + offset, positions);
          const expected = offset !== 0 && offset === before && last !== offset;
          expect(found.map(({ kind }) => kind)).toEqual(expected ? ['differs'] : []);
          if (expected) {
            told.add(offset);
            last = offset;
          }
          before = offset;
        }
      }),
    );
  });

  test('a position that differs is told with both numbers, and nothing is healed', () => {
    const { round, portfolio } = begun();
    round(START + 10, portfolio, 1_000_000, [held('KX-A', 200), held('KX-B', -100)]);
    expect(round(START + 11, portfolio, 1_000_000, [held('KX-A', 200), held('KX-B', -100)])).toEqual([
      {
        kind: 'differs',
        scope: 'KX-A',
        about: 'position',
        why: 'we hold 3 contracts of KX-A, the venue says 2',
      },
      {
        kind: 'differs',
        scope: 'KX-B',
        about: 'position',
        why: 'we hold 0 contracts of KX-B, the venue says -1',
      },
    ]);
  });

  test('a difference that was resolved is told anew, again after two rounds', () => {
    const { round, forget, positions, portfolio } = begun();
    const differ = (at: number) => round(START + at, portfolio, 7, positions).length;
    expect([differ(10), differ(11), differ(12)]).toEqual([0, 1, 0]);
    forget('account');
    expect([differ(13), differ(14), differ(15)]).toEqual([0, 1, 0]);
  });

  test('a deposit adds and a withdrawal takes once adopted, each once by its id; before, it is in the cash', () => {
    const early = reading();
    expect(early.receive(moved('d0', 'deposit', 9), EMPTY)).toEqual([]);
    const { receive, portfolio } = begun();
    expect(receive(moved('d1', 'deposit', 9), portfolio)).toEqual([{ kind: 'moved', cash: 9 }]);
    expect(receive(moved('d1', 'deposit', 9), portfolio)).toEqual([]);
    expect(receive(moved('w1', 'withdrawal', 4), portfolio)).toEqual([{ kind: 'moved', cash: -4 }]);
  });

  test('a deposit that was listed before the adoption is never counted', () => {
    const one = reading();
    one.receive(moved('d0', 'deposit', 9), EMPTY);
    one.round(START + 1, EMPTY, 5);
    one.round(START + 2, EMPTY, 5);
    expect(one.receive(moved('d0', 'deposit', 9), EMPTY)).toEqual([]);
  });

  test('a payout settles what we hold, corrects a result that was amended, and leaves others alone', () => {
    const { receive, portfolio } = begun();
    expect(receive(settlement('KX-A', 'yes'), portfolio)).toEqual([
      { kind: 'settled', ticker: 'KX-A', result: 'yes' },
    ]);
    expect(receive(settlement('KX-Z', 'yes'), portfolio)).toEqual([]);
    const booked: Portfolio = {
      ...portfolio,
      holdings: new Map(),
      settled: new Map([['KX-A', { result: 'yes', position: count(300), valueUnits: undefined }]]),
    };
    expect(receive(settlement('KX-A', 'yes'), booked)).toEqual([]);
    expect(receive(settlement('KX-A', 'no'), booked)).toEqual([
      { kind: 'settled', ticker: 'KX-A', result: 'no' },
    ]);
  });

  test('cash is not compared before the venue has paid what we settled', () => {
    const { receive, round, portfolio } = begun();
    const booked: Portfolio = {
      ...portfolio,
      cash: cash(2_000_000),
      holdings: new Map(),
      settled: new Map([['KX-A', { result: 'yes', position: count(300), valueUnits: undefined }]]),
    };
    for (let i = 10; i < 14; i++) expect(round(START + i, booked, 1_000_000)).toEqual([]);
    receive(settlement('KX-A', 'yes'), booked);
    round(START + 20, booked, 1_000_000);
    expect(round(START + 21, booked, 1_000_000)).toMatchObject([{ kind: 'differs', about: 'cash' }]);
  });

  test('property: an unknown order never arrived only if a whole list of a time long after it does not hold it', () => {
    const one = fc.record({
      state: fc.constantFrom('unknown' as const, 'resting' as const, 'inFlight' as const),
      sentAfter: fc.integer({ min: -5, max: 60 }).map((seconds) => seconds * SECOND),
      listed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.boolean(), (given, complete) => {
        const { receive } = reading();
        const all = given.map(({ state, sentAfter }, i) =>
          open(state, { clientOrderId: `o${i}`, at: START + sentAfter }),
        );
        const portfolio = withOrders(EMPTY, ...all);
        const ids = given.flatMap(({ listed }, i) => (listed ? [`o${i}`] : []));
        receive(asOf(START + LATER), portfolio);
        // Over two pages, of which the second is the last.
        expect(receive(orders(ids.slice(0, 1), { complete: false }), portfolio)).toEqual([]);
        const found = receive(orders(ids.slice(1), { first: false, complete }), portfolio);
        const lost = given.flatMap(({ state, sentAfter, listed }, i) =>
          complete && state === 'unknown' && !listed && sentAfter > 0 && sentAfter + 30 * SECOND < LATER
            ? [`o${i}`]
            : [],
        );
        expect(found.map((each) => each.kind === 'neverArrived' && each.clientOrderId)).toEqual(lost);
      }),
    );
  });

  test('the word of the venue on one contract is its last position, and none where it lists none', () => {
    const { venuePosition } = begun();
    expect(venuePosition('KX-A')).toEqual(held('KX-A', 300));
    expect(venuePosition('KX-B')).toEqual({ ticker: 'KX-B', position: 0, paid: 0 });
  });
});
