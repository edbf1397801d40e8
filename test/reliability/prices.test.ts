import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { KrakenBookChecked, SpotTop } from '../../src/domain/events/market.ts';
import type { Fill, GatewayEvent, Order } from '../../src/domain/events/order.ts';
import type { Gap, IndexPrint, VenueEvent } from '../../src/domain/events/venue.ts';
import { DAY, MILLISECOND, SECOND } from '../../src/domain/time.ts';
import { indexTwin } from '../../src/pricing/index-twin.ts';
import { deskBench, START_AT } from '../execution/desk/desk-bench.ts';
import { BTC } from '../support/assets.ts';
import { random } from '../support/random.ts';
import { tally } from '../support/tally.ts';

const TIMES = Number(process.env['RELIABILITY_RUNS'] ?? 1);
const VOLATILITY = 0.45;
const STRIKE = 80_000.99;

/**
 * A market of one book and one index behind the twin and the desk. Whatever is approved is held against the
 * book's own middle at that moment.
 */
function hostileMarket() {
  const bench = deskBench({
    // Wide collars, so that no other check refuses what these are for.
    risk: {
      indexSourcesMin: 2,
      fairCollarTicks: 10_000,
      midCollarTicks: 10_000,
      priceMinTicks: 0,
      priceMaxTicks: 10_000,
    },
    orders: 'paper',
    paper: { takeLatencyMicros: 1 },
  });
  const venues$ = new Subject<VenueEvent | SpotTop | Gap>();
  let believed = { at: 0, value: Number.NaN };
  venues$.pipe(indexTwin(bench.settings.pricing.twin, BTC)).subscribe((event) => {
    if (event.kind === 'index') believed = event;
    bench.tell(event);
  });
  let book = { at: 0, middle: Number.NaN };
  let seen = 0;
  const outside: string[] = [];
  const check = (): number => {
    let approved = 0;
    for (; seen < bench.said.length; seen++) {
      const event = bench.said[seen];
      if (event?.kind !== 'decision' || event.verdict !== 'approved') continue;
      approved++;
      const apart = Math.abs(believed.at - book.at);
      const band = Math.max(1e-3, 5 * Math.sqrt(2 * 1.44e-8 + (VOLATILITY ** 2 * apart) / (365 * DAY)));
      const distance = Math.abs(Math.log(believed.value / book.middle));
      if (!(distance <= band && bench.clock.at - book.at <= 15 * SECOND))
        outside.push(`index ${believed.value}, book ${book.middle}, ${apart} µs apart`);
    }
    return approved;
  };
  const now = () => ({ at: bench.clock.at, receivedAt: bench.clock.at });
  const quote = (middle: number): void => {
    book = { at: bench.clock.at, middle };
    const ticks = Math.round(middle * 10);
    const checked: KrakenBookChecked = {
      kind: 'krakenBookChecked',
      ...now(),
      venue: 'kraken',
      symbol: 'BTC/USD',
      verdict: 'passed',
      version: 1,
      priceScale: 10,
      quantityScale: 1e8,
      bids: [ticks - 1, 1],
      asks: [ticks + 1, 1],
    };
    bench.tell(checked);
    const top = { bid: (ticks - 1) / 10, ask: (ticks + 1) / 10, bidQuantity: 1, askQuantity: 1 };
    venues$.next({ kind: 'spotTop', ...now(), venue: 'kraken', symbol: 'BTC/USD', ...top });
  };
  const print = (dollars: number, at = bench.clock.at): void => {
    const event: IndexPrint = {
      kind: 'indexPrint',
      at,
      receivedAt: bench.clock.at,
      indexId: 'BRTI',
      sid: 9,
      seq: 1,
      asset: 'BTC',
      units: Math.round(dollars * 100),
      decimals: 2,
      hertz: 1,
    };
    venues$.next(event);
  };
  /** One second: a book, a print of it unless another is given, and contract books that are worth taking. */
  const second = (price: number, dollars: number | undefined = price, stampOff = 0): number => {
    quote(price);
    if (!Number.isNaN(dollars)) print(dollars, bench.clock.at + stampOff);
    bench.book(4_000, 4_200);
    bench.pass(500 * MILLISECOND);
    bench.book(5_800, 6_000);
    bench.pass(500 * MILLISECOND);
    return check();
  };
  bench.clock.jumpTo(START_AT);
  bench.session(SECOND);
  bench.warm();
  bench.forecast(VOLATILITY);
  bench.contract();
  return { bench, second, outside, quote };
}

describe('hostile prices', () => {
  test('the market trades as long as nothing is wrong', () => {
    const { second, outside } = hostileMarket();
    let approved = 0;
    for (let i = 0; i < 10; i++) approved += second(STRIKE);
    expect(approved).toBeGreaterThan(0);
    expect(outside).toEqual([]);
  });

  test('campaign: bad prints of any size, time, number and direction approve nothing outside the book, and trading goes on', () => {
    const { uniform: draw } = random(20_261_128);
    const runs = 60 * TIMES;
    let lost = 0;
    for (let run = 0; run < runs; run++) {
      const { second, outside, bench } = hostileMarket();
      for (let i = 0; i < 3; i++) second(STRIKE);
      const size = [1e-3, 2e-3, 3e-3, 0.01, 0.03, 0.5, 1e-7, 1e8][Math.floor(draw() * 8)] as number;
      const value = size > 1 || size < 1e-4 ? STRIKE * size : STRIKE * (draw() < 0.5 ? 1 - size : 1 + size);
      const number = 1 + Math.floor(draw() * 8);
      for (let i = 0; i < number; i++) {
        const stampOff = Math.floor((draw() - 0.5) * 4) * SECOND;
        second(STRIKE * (1 + (draw() - 0.5) * 1e-4), value, stampOff);
        if (draw() < 0.4) second(STRIKE);
      }
      let after = 0;
      bench.forecast(VOLATILITY);
      for (let i = 0; i < 6; i++) after += second(STRIKE);
      if (outside.length > 0 || after === 0) lost++;
      expect({ run, value, number, outside, traded: after > 0 }).toMatchObject({ outside: [], traded: true });
    }
    tally({ kind: 'bad prints of the index', tried: runs, survived: runs - lost, lost });
  });

  test('campaign: after an honest jump of any size, shown first by the book or by the index, trading resumes within seconds', () => {
    const { uniform: draw } = random(20_261_129);
    const runs = 30 * TIMES;
    let lost = 0;
    for (let run = 0; run < runs; run++) {
      const { second, outside, bench } = hostileMarket();
      const size = 0.001 + draw() * 0.05;
      const from = STRIKE * (draw() < 0.5 ? 1 - size : 1 + size);
      for (let i = 0; i < 3; i++) second(from);
      // For up to two seconds only one of the two shows it.
      const lag = Math.floor(draw() * 3);
      const bookFirst = draw() < 0.5;
      for (let i = 0; i < lag; i++) second(bookFirst ? STRIKE : from, bookFirst ? from : STRIKE);
      let after = 0;
      bench.forecast(VOLATILITY);
      for (let i = 0; i < 4; i++) after += second(STRIKE);
      if (outside.length > 0 || after === 0) lost++;
      expect({ run, size, lag, outside, traded: after > 0 }).toMatchObject({ outside: [], traded: true });
    }
    tally({ kind: 'honest jumps of the market', tried: runs, survived: runs - lost, lost });
  });

  test('without a book nothing is approved, whatever the index prints', () => {
    const { second, bench, quote } = hostileMarket();
    quote(STRIKE);
    bench.pass(16 * SECOND);
    bench.tell({
      kind: 'gap',
      at: bench.clock.at,
      receivedAt: bench.clock.at,
      venue: 'kraken',
      cause: 'disconnect',
      scope: 'kraken',
      detail: '',
    });
    bench.index(STRIKE);
    bench.book(4_000, 4_200);
    bench.pass(SECOND);
    expect(bench.last().failing).toEqual(['indexSources']);
    expect(second(STRIKE)).toBeGreaterThan(0);
  });
});

describe('hostile fills', () => {
  test('campaign: no answer that cannot be changes the account, and each stops its contract until it is resolved', () => {
    const { uniform: draw } = random(20_261_130);
    const runs = 80 * TIMES;
    let lost = 0;
    const bad = (order: Order, good: Fill): readonly GatewayEvent[] => {
      const { clientOrderId, ticker, at } = order;
      const about = { clientOrderId, ticker, at };
      return [
        { ...good, clientOrderId: 'another' },
        { ...good, side: order.side === 'bid' ? 'ask' : 'bid' },
        {
          ...good,
          priceTicks: (order.side === 'bid'
            ? order.limitTicks + 100
            : order.limitTicks - 100) as Fill['priceTicks'],
        },
        { ...good, count: (order.count + 1) as Fill['count'] },
        { ...good, count: 0 as Fill['count'] },
        { ...good, count: Number.NaN as Fill['count'] },
        { ...good, priceTicks: 20_000 as Fill['priceTicks'] },
        { ...good, cash: 1e9 as Fill['cash'] },
        { kind: 'orderDone', ...about, state: 'filled', filled: (order.count * 2) as Fill['count'] },
        { kind: 'orderResting', ...about, remaining: (order.count * 2) as Fill['count'] },
        { kind: 'orderRejected', ...about, clientOrderId: 'another', why: '' },
      ];
    };
    for (let run = 0; run < runs; run++) {
      const bench = deskBench();
      bench.ready();
      bench.book(4_000, 4_200);
      bench.pass(SECOND);
      const order = bench.order();
      const good = bench.filled(order)[0] as Fill;
      const events = bad(order, good);
      const event = events[Math.floor(draw() * events.length)] as GatewayEvent;
      bench.answer(event);
      const told = bench.only('difference');
      const entries = bench.said.filter(
        ({ kind }) => kind === 'fill' || kind === 'account' || kind.startsWith('orderD'),
      );
      // The order itself ends as it should. Only the difference still stops the contract.
      bench.answer(bench.cancelled(order));
      bench.book(4_000, 4_300);
      bench.pass(SECOND);
      const stopped = bench.last().failing;
      bench.tell({
        kind: 'command',
        at: bench.clock.at,
        command: 'resolve',
        reason: `${order.ticker} looked at the venue`,
      });
      bench.pass(SECOND);
      const held =
        told.length === 1 &&
        entries.length === 0 &&
        stopped.join() === 'reconciled' &&
        bench.orders().length === 2;
      if (!held) lost++;
      expect({
        run,
        event: event.kind,
        told: told.length,
        entries: entries.length,
        stopped,
        orders: bench.orders().length,
      }).toEqual({
        run,
        event: event.kind,
        told: 1,
        entries: 0,
        stopped: ['reconciled'],
        orders: 2,
      });
    }
    tally({ kind: 'answers and fills that cannot be', tried: runs, survived: runs - lost, lost });
  });
});
