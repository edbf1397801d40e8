import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defer, of } from 'rxjs';
import type { CodecEvent } from '../../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { portfolioReads } from '../../../src/execution/kalshi/portfolio-reads.ts';
import type { KalshiAnswer, KalshiRest, Query } from '../../../src/venues/kalshi/rest.ts';
import { kalshiRestDecoder } from '../../../src/venues/kalshi/rest-codec.ts';
import { BTC } from '../../support/assets.ts';
import { bodyOf, emulatedExchange, terms } from './emulated-exchange.ts';
import '../../support/properties.ts';

const READS = [
  '/exchange/user_data_timestamp',
  '/portfolio/orders',
  '/portfolio/fills',
  '/portfolio/positions',
  '/portfolio/balance',
  '/portfolio/deposits',
  '/portfolio/withdrawals',
  '/portfolio/settlements',
] as const;

const good = (path: string): unknown =>
  path === '/portfolio/balance' ? { balance_breakdown: [] } : { cursor: '' };

/** REST that answers at once with what `answer` gives. */
function scripted(answer: (path: string) => KalshiAnswer) {
  const asked: { readonly path: string; readonly query: Query | undefined }[] = [];
  const get = (path: string, query?: Query) =>
    defer(() => {
      asked.push({ path, query });
      return of(answer(path));
    });
  return { asked, rest: { get, pages: get } satisfies Pick<KalshiRest, 'get' | 'pages'> };
}
const ok = (path: string, json: unknown = good(path)): KalshiAnswer => ({
  kind: 'ok',
  resource: `/trade-api/v2${path}`,
  text: JSON.stringify(json),
  json,
});
const read = (rest: Pick<KalshiRest, 'get' | 'pages'>, since = 0): readonly KalshiAnswer[] => {
  const answers: KalshiAnswer[] = [];
  portfolioReads(rest, since).subscribe((answer) => answers.push(answer));
  return answers;
};

describe('portfolioReads', () => {
  test('the time of validity is asked first, orders before fills, and only the primary subaccount', () => {
    const { rest, asked } = scripted(ok);
    expect(read(rest, 100 * SECOND)).toHaveLength(READS.length);
    expect(asked.map(({ path }) => path)).toEqual(READS);
    for (const path of ['/portfolio/orders', '/portfolio/fills', '/portfolio/settlements'])
      expect(asked.find((each) => each.path === path)?.query).toMatchObject({ min_ts: 90, subaccount: 0 });
  });

  const bad: fc.Arbitrary<KalshiAnswer> = fc.constantFrom<KalshiAnswer>(
    { kind: 'failed', why: 'no answer', arrived: true },
    { kind: 'refused', status: 401, code: 'authentication_error', details: undefined, why: '401' },
  );

  test('property: if any read fails, its failure is all that comes, and nothing is asked after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: READS.length - 1 }), bad, (index, failure) => {
        const { rest, asked } = scripted((path) => (path === READS[index] ? failure : ok(path)));
        expect(read(rest)).toEqual([failure]);
        expect(asked.map(({ path }) => path)).toEqual(READS.slice(0, index + 1));
      }),
    );
  });

  test.each([
    ['positions on more than one page', '/portfolio/positions', { cursor: 'x' }, 'more than one page'],
    ['a balance that names no shard', '/portfolio/balance', { balance: 1 }, 'no cash by shard'],
  ])('%s fail the round', (_, at, json, why) => {
    const { rest } = scripted((path) => (path === at ? ok(path, json) : ok(path)));
    expect(read(rest)).toEqual([{ kind: 'failed', why: expect.stringContaining(why), arrived: true }]);
  });
});

describe('portfolioReads at the emulated exchange', () => {
  /** The exchange with a position and a resting order; `account` reads it and decodes what it read. */
  function held() {
    const exchange = emulatedExchange();
    const { entry, order, all, rest, clock, startAt } = exchange;
    const place = (change: Parameters<typeof order>[0]): string => {
      const made = entry.create({ order: order(change), terms: terms() });
      if (typeof made === 'string') throw new Error(made);
      return String(bodyOf(all(made.send())[0])['client_order_id']);
    };
    const taken = place({ limitTicks: priceTicks(9_900), timeInForce: 'ioc', count: count(200) });
    const resting = place({});
    return {
      ...exchange,
      place,
      taken,
      resting,
      account: (seconds?: number): readonly CodecEvent[] => {
        const decode = kalshiRestDecoder({ assets: [BTC] });
        return all(portfolioReads(rest, startAt), seconds).flatMap((answer) => {
          if (answer.kind !== 'ok') throw new Error(answer.why);
          return decode(answer.resource, answer.text, clock.at);
        });
      },
    };
  }
  const only = <K extends CodecEvent['kind']>(events: readonly CodecEvent[], kind: K) =>
    events.filter((event): event is Extract<CodecEvent, { kind: K }> => event.kind === kind);

  test('one round tells orders, fills, positions and cash, all as of its time', () => {
    const { account, ticker, taken, resting, clock } = held();
    const before = clock.at;
    const events = account();
    expect(only(events, 'rejected')).toEqual([]);
    expect(only(events, 'venueOrders')).toMatchObject([
      { clientOrderIds: [resting, taken], first: true, complete: true },
    ]);
    expect(only(events, 'fill').every(({ clientOrderId }) => clientOrderId === taken)).toBe(true);
    expect(only(events, 'venuePositions')[0]?.positions).toMatchObject([{ ticker, position: 200 }]);
    expect(only(events, 'orderResting').map(({ clientOrderId }) => clientOrderId)).toEqual([resting]);
    expect(only(events, 'venueBalance')[0]?.byShard).toHaveLength(1);
    const [asOf] = only(events, 'venueAsOf');
    expect((asOf?.asOf ?? 0) >= before && (asOf?.asOf ?? 0) <= clock.at).toBe(true);
  });

  test('while reads lag or contradict each other, no order from before the time of validity is missing', () => {
    for (const fault of ['readLag@0+60s=3s:kalshi', 'readContradict@0+60s=3s:kalshi']) {
      const { account, place, run, clock, fault: inject } = held();
      inject(fault);
      const placed: { readonly id: string; readonly at: number }[] = [];
      for (let i = 0; i < 6; i++) {
        placed.push({ id: place({}), at: clock.at });
        run(1);
        const events = account();
        const asOf = only(events, 'venueAsOf')[0]?.asOf ?? 0;
        const [page] = only(events, 'venueOrders');
        for (const { id, at } of placed) if (at <= asOf) expect(page?.clientOrderIds).toContain(id);
        // The reads do lag: the newest order is not in the time of validity yet.
        expect(asOf).toBeLessThan(placed.at(-1)?.at ?? 0);
      }
    }
  });

  test('a deposit and a withdrawal are told once they are applied', () => {
    const { account, fault, run } = held();
    fault('deposit@0+2s=25:kalshi');
    fault('withdrawal@0+2s=10:kalshi');
    run(0.1);
    expect(only(account(), 'cashMoved')).toEqual([]);
    run(4);
    expect(only(account(), 'cashMoved').map(({ change, cash, fee }) => [change, cash, fee])).toEqual([
      ['deposit', 250_000, 0],
      ['withdrawal', 100_000, 0],
    ]);
  });

  test('a venue that fails in the middle of a round is told, and nothing of the round is believed', () => {
    const { all, rest, startAt, fault } = held();
    fault('serverError@0+60s:kalshi/read');
    const answers = all(portfolioReads(rest, startAt), 60);
    expect(answers.map(({ kind }) => kind)).toEqual(['refused']);
  });
});
