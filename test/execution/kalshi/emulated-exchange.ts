import type { Observable } from 'rxjs';
import type { TickBand } from '../../../src/domain/contracts.ts';
import type { ApprovedOrder, Order } from '../../../src/domain/events/order.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MILLISECOND, MINUTE } from '../../../src/domain/time.ts';
import { parseFault } from '../../../src/emulator/transport/fault.ts';
import { orderEntry } from '../../../src/execution/kalshi/order-entry.ts';
import type { OrderTerms } from '../../../src/execution/kalshi/order-terms.ts';
import { venueWrites } from '../../../src/execution/kalshi/venue-writes.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/transport/http.ts';
import { kalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { kalshiSettings } from '../../../src/venues/kalshi/settings.ts';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { bench, KEY_PAIR } from '../../emulator/bench.ts';
import { memoryTransport } from '../../support/memory-transport.ts';

/** Any price in whole cents. */
const CENTS: readonly TickBand[] = [
  { startTicks: priceTicks(0), endTicks: priceTicks(10_000), stepTicks: priceTicks(100) },
];

/** An order as if every check had passed it. */
export const approved = (order: Partial<Order> = {}): ApprovedOrder =>
  ({
    clientOrderId: 'a-1',
    decisionId: 1,
    ticker: 'KXBTCD-26MAY0112-T80000',
    exchangeIndex: 2,
    side: 'bid',
    limitTicks: priceTicks(100),
    count: count(100),
    timeInForce: 'gtc',
    postOnly: false,
    at: 1_800_000_000_000_000,
    ...order,
  }) as ApprovedOrder;

export const terms = (change: Partial<OrderTerms> = {}): OrderTerms => ({
  tickBands: CENTS,
  groupId: undefined,
  reduceOnly: false,
  restMaxMicros: 10 * MINUTE,
  ...change,
});

type Row = Readonly<Record<string, unknown>>;

/** The emulated exchange in event time, with our ways of writing to it and of reading from it. */
export function emulatedExchange(settings: Parameters<typeof bench>[0] = {}) {
  const venues = bench({ strikes: 4, ...settings });
  const { clock, run, call } = venues;
  run(3);
  const { http } = memoryTransport({
    clock,
    // The bench itself moves the market.
    world: { steps: function* () {} },
    venues: venues.venues,
    faults: venues.venues.faults,
    latencyMs: 5,
  });
  const sent: HttpRequest[] = [];
  const kept: typeof http = (request) => {
    sent.push(request);
    return http(request);
  };
  const kalshi = kalshiSettings.parse({ restUrl: 'http://kalshi.test/trade-api/v2' });
  const signer = kalshiSigner(
    { kind: 'key', keyId: venues.venues.keyId, type: 'ed25519', privateKey: KEY_PAIR.privateKey },
    () => clock.at / MILLISECOND,
  );
  const writes = venueWrites(kept, signer, kalshi);
  const markets = (): readonly Row[] => call('GET', '/markets?limit=1000').json['markets'] as readonly Row[];
  const ticker = String(
    markets().find(
      (market) => market['status'] === 'active' && String(market['ticker']).startsWith('KXBTCD-'),
    )?.['ticker'],
  );
  let ids = 0;
  return {
    ...venues,
    ticker,
    sent,
    writes,
    entry: orderEntry({ writes, clock }),
    rest: kalshiRest({ http: kept, clock, random: () => 0.5, signer }, kalshi),
    /** Injects a fault as it is written after --fault. */
    fault: (text: string): void => {
      const fault = parseFault(text);
      if (typeof fault === 'string') throw new Error(fault);
      venues.venues.faults.inject(fault);
    },
    order: (change: Partial<Order> = {}): ApprovedOrder =>
      approved({ clientOrderId: `entry-${++ids}`, ticker, at: clock.at, ...change }),
    /** Lets time go on until the stream has ended, and gives what it said. */
    all: <T>(stream: Observable<T>, seconds = 10): readonly T[] => {
      const heard: T[] = [];
      let ended = false;
      stream.subscribe({
        next: (value) => heard.push(value),
        complete: () => {
          ended = true;
        },
      });
      for (let waited = 0; !ended && waited < seconds; waited += 0.02) run(0.02);
      if (!ended) throw new Error(`nothing ended within ${seconds} s`);
      return heard;
    },
    resting: (): readonly Row[] =>
      (call('GET', '/portfolio/orders?limit=1000').json['orders'] as readonly Row[]).filter(
        (order) => order['status'] === 'resting',
      ),
  };
}

/** The JSON of an answer, which must be one. */
export const bodyOf = (answer: HttpAnswer | undefined): Row => {
  if (answer?.kind !== 'answered') throw new Error(`no answer: ${answer?.why}`);
  return answer.text === '' ? {} : (JSON.parse(answer.text) as Row);
};

export const statusOf = (answer: HttpAnswer | undefined): number | string | undefined =>
  answer?.kind === 'answered' ? answer.status : answer?.why;
