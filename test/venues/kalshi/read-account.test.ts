import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CodecEvent } from '../../../src/domain/events/venue.ts';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import {
  cashMoveObject,
  isoText,
  settlementObject,
} from '../../../src/emulator/kalshi/exchange/portfolio-objects.ts';
import { kalshiPrivateText } from '../../../src/emulator/kalshi/exchange/private-wire.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { kalshiRestDecoder } from '../../../src/venues/kalshi/rest-codec.ts';
import { BTC } from '../../support/assets.ts';
import '../../support/properties.ts';

const AT = 1_790_363_592_000_000;
const stamps = { at: AT, receivedAt: AT };
const rest = (resource: string, body: unknown): readonly CodecEvent[] =>
  kalshiRestDecoder({ assets: [BTC] })(`/trade-api/v2${resource}`, JSON.stringify(body), AT);
const wire = (text: string): readonly CodecEvent[] =>
  kalshiDecoder({ useYesPrice: false, assets: [BTC] })(text, AT);
const whyOf = (events: readonly CodecEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'rejected' ? [event.why] : []));

const times = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
const counts = fc.integer({ min: 0, max: 100_000_000_000 });
const contract = { ticker: 'KXBTCD-26SEP2516-T83899.99', event: 'KXBTCD-26SEP2516', exchangeIndex: 2 };

describe('the account by REST', () => {
  test('property: the time of reads is told to the microsecond; what is no time is rejected', () => {
    fc.assert(
      fc.property(times, (asOf) => {
        expect(rest('/exchange/user_data_timestamp', { as_of_time: isoText(asOf) })).toEqual([
          { kind: 'venueAsOf', ...stamps, asOf },
        ]);
      }),
    );
    expect(whyOf(rest('/exchange/user_data_timestamp', { as_of_time: 'soon' }))).toEqual([
      'REST /exchange/user_data_timestamp: as_of_time must be a time, was soon',
    ]);
  });

  test('property: a settlement pays a dollar for each winning contract, whatever the venue calls its revenue', () => {
    fc.assert(
      fc.property(
        fc.record({
          position: fc.integer({ min: -100_000_000, max: 100_000_000 }),
          other: counts,
          result: fc.constantFrom('yes' as const, 'no' as const),
          at: times,
        }),
        ({ position, other, result, at }) => {
          const row = settlementObject({
            contract,
            position,
            result,
            at,
            cost: 0,
            fees: 0,
            revenue: 0,
            subaccount: 0,
          } as never);
          // Both sides were held: the venue's revenue reads 0 then.
          const both = { ...row, no_count_fp: (other / 100).toFixed(2) };
          const yesCount = Math.max(0, position);
          expect(rest('/portfolio/settlements', { settlements: [both] })).toEqual([
            {
              kind: 'venueSettlement',
              ...stamps,
              ticker: contract.ticker,
              result,
              yesCount,
              noCount: other,
              paidOut: (result === 'yes' ? yesCount : other) * 100,
              settledAt: at,
            },
          ]);
        },
      ),
    );
  });

  const settled = {
    ticker: 'T',
    market_result: 'yes',
    yes_count_fp: '1.00',
    no_count_fp: '0.00',
    settled_time: '2026-09-25T19:00:00Z',
  };
  test.each([
    [{ market_result: 'scalar' }, 'must be yes or no, was scalar'],
    [{ yes_count_fp: '-1.00' }, 'must be multiples of 0.01, were -1.00'],
    [{ no_count_fp: '0.001' }, 'must be multiples of 0.01'],
    [{ settled_time: 'later' }, 'must be a time, was later'],
    [{ yes_count_fp: '999999999999.00' }, 'too large'],
  ])('a settlement with %j is rejected alone', (change, why) => {
    const events = rest('/portfolio/settlements', { settlements: [{ ...settled, ...change }, settled] });
    expect(whyOf(events)).toEqual([expect.stringContaining(why)]);
    expect(events[1]).toMatchObject({ kind: 'venueSettlement', paidOut: 10_000 });
  });

  test('property: only moves of cash that were applied are told, to the cent, with the time at which they were', () => {
    const move = fc.record({
      id: fc.uuid(),
      kind: fc.constantFrom('deposit' as const, 'withdrawal' as const),
      status: fc.constantFrom('pending' as const, 'applied' as const, 'failed' as const),
      cents: fc.nat(),
      createdAt: times,
      finalisedAt: fc.option(times, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        for (const change of ['deposit', 'withdrawal'] as const) {
          const mine = moves.filter(({ kind }) => kind === change);
          const found = rest(`/portfolio/${change}s`, {
            cursor: '',
            [`${change}s`]: mine.map(cashMoveObject),
          });
          expect(found).toEqual(
            mine
              .filter(({ status }) => status === 'applied')
              .map(({ id, cents, createdAt, finalisedAt }) => ({
                kind: 'cashMoved',
                ...stamps,
                id,
                change,
                cash: cents * 100,
                fee: 0,
                appliedAt: Math.floor((finalisedAt ?? createdAt) / SECOND) * SECOND,
              })),
          );
        }
      }),
    );
  });

  const order = (id: string, change: object = {}): object => ({
    order_id: `venue-${id}`,
    client_order_id: id,
    ticker: 'T',
    status: 'resting',
    fill_count_fp: '0.00',
    remaining_count_fp: '1.00',
    ...change,
  });
  const pagesOf = (events: readonly CodecEvent[]) => events.filter((event) => event.kind === 'venueOrders');

  test('a page lists every order by our id, those too that have none and those whose state is unknown', () => {
    const events = rest('/portfolio/orders?min_ts=90&limit=1000', {
      cursor: '',
      orders: [order('a'), order('b', { client_order_id: '' }), order('c', { status: 'unknown' })],
    });
    expect(events.map(({ kind }) => kind)).toEqual([
      'orderResting',
      'orderResting',
      'rejected',
      'venueOrders',
    ]);
    expect(pagesOf(events)).toEqual([
      {
        kind: 'venueOrders',
        ...stamps,
        clientOrderIds: ['a', 'venue-b', 'c'],
        since: 90 * SECOND,
        first: true,
        complete: true,
      },
    ]);
  });

  test.each([
    ['', '', [0, true, true]],
    ['?limit=1000', 'next', [0, true, false]],
    ['?min_ts=5&cursor=next', 'more', [5 * SECOND, false, false]],
    ['?min_ts=5&subaccount=0&cursor=more', '', [5 * SECOND, false, true]],
  ])('a page asked with %p and followed by %p says how much of the list it is', (query, cursor, expected) => {
    const [page] = pagesOf(rest(`/portfolio/orders${query}`, { cursor, orders: [] }));
    expect(page && [page.since, page.first, page.complete]).toEqual(expected);
  });

  test.each(['status=resting', 'ticker=T', 'max_ts=9', 'min_ts=soon', 'min_ts=-1', 'exchange_index=2'])(
    'a list that is cut by %s proves no order missing',
    (query) => {
      expect(pagesOf(rest(`/portfolio/orders?${query}`, { cursor: '', orders: [order('a')] }))).toEqual([]);
    },
  );

  test('a page with one unreadable row says nothing about which orders there are', () => {
    const events = rest('/portfolio/orders', { cursor: '', orders: [order('a'), order('b', { status: 7 })] });
    expect(events.map(({ kind }) => kind)).toEqual(['rejected']);
  });
});

describe('the account by its channels', () => {
  const changes = ['created', 'triggered', 'reset', 'deleted', 'limit_updated'] as const;
  const millis = fc.integer({ min: 0, max: 4_000_000_000_000 });

  test('property: a change of a group takes its number in the sequence, and says what changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...changes), fc.nat(), millis, (event, contractsLimit, ms) => {
        const text = kalshiPrivateText(
          { kind: 'orderGroup', at: ms * MILLISECOND, event, groupId: 'g-1', contractsLimit },
          4,
          () => 17,
        );
        expect(wire(text)).toMatchObject([
          { kind: 'acknowledgement', method: 'order_group_updates', sid: 4, seq: 17, accepted: true },
          {
            kind: 'orderGroup',
            at: ms * MILLISECOND,
            receivedAt: AT,
            groupId: 'g-1',
            change: event,
            limit: contractsLimit,
          },
        ]);
      }),
    );
  });

  test('a change of a group that is not known is rejected, and its number in the sequence is kept', () => {
    const events = wire(
      '{"type":"order_group_updates","sid":4,"seq":5,"msg":{"event_type":"paused","order_group_id":"g"}}',
    );
    expect(events).toMatchObject([
      { kind: 'acknowledgement', seq: 5 },
      { kind: 'rejected', why: expect.stringContaining('was paused') },
    ]);
  });

  const position = (change: object) =>
    wire(
      JSON.stringify({
        type: 'market_position',
        sid: 3,
        msg: {
          market_ticker: 'T',
          position_fp: '-2.50',
          position_cost_dollars: '1.000001',
          subaccount: 0,
          ...change,
        },
      }),
    );

  test('a position is signed, and its cost is rounded against us', () => {
    expect(position({})).toEqual([
      { kind: 'venuePosition', ...stamps, ticker: 'T', position: -250, paid: 10_001 },
    ]);
    expect(position({ position_fp: '0.00', position_cost_dollars: '0' })).toMatchObject([{ position: 0 }]);
  });

  test.each([{ position_fp: '0.001' }, { position_cost_dollars: '-1' }, { market_ticker: '' }])(
    'a position with %j is rejected',
    (change) => {
      expect(position(change).map(({ kind }) => kind)).toEqual(['rejected']);
    },
  );

  test('what another subaccount does is acknowledged and never taken for ours', () => {
    const fill = {
      trade_id: 't',
      order_id: 'o',
      market_ticker: 'T',
      book_side: 'bid',
      is_taker: true,
      yes_price_dollars: '0.5000',
      count_fp: '1.00',
      fee_cost: '0',
    };
    const frames = (subaccount: number | undefined) => [
      ...wire(JSON.stringify({ type: 'fill', sid: 1, msg: { ...fill, subaccount } })),
      ...wire(
        JSON.stringify({
          type: 'user_order',
          sid: 2,
          msg: ofSubaccount(subaccount),
        }),
      ),
      ...position({ subaccount }),
    ];
    for (const ours of [0, undefined])
      expect(frames(ours).map(({ kind }) => kind)).toEqual(['fill', 'orderResting', 'venuePosition']);
    expect(frames(7)).toMatchObject(
      ['fill', 'user_order', 'market_position'].map((method) => ({
        kind: 'acknowledgement',
        method,
        detail: 'of subaccount 7',
      })),
    );
  });

  test('property: any content of our own channels gives events and never an exception', () => {
    const framed = fc.record({
      type: fc.constantFrom('fill', 'user_order', 'market_position', 'order_group_updates'),
      sid: fc.nat(3),
      seq: fc.nat(),
      msg: fc.oneof(
        fc.jsonValue(),
        fc.record({
          event_type: fc.string(),
          order_group_id: fc.string(),
          contracts_limit_fp: fc.oneof(fc.string(), fc.double()),
        }),
        fc.record({
          market_ticker: fc.string(),
          position_fp: fc.oneof(fc.string(), fc.double()),
          position_cost_dollars: fc.oneof(fc.string(), fc.double()),
          subaccount: fc.option(fc.integer()),
        }),
      ),
    });
    fc.assert(
      fc.property(framed, (frame) => {
        const { length } = wire(JSON.stringify(frame));
        expect(length === 1 || (length === 2 && frame.type === 'order_group_updates')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

function ofSubaccount(subaccount: number | undefined): object {
  return {
    order_id: 'o',
    client_order_id: 'a',
    ticker: 'T',
    status: 'resting',
    fill_count_fp: '0.00',
    remaining_count_fp: '1.00',
    subaccount_number: subaccount,
  };
}
