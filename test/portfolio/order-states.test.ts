import { describe, expect, test } from '@jest/globals';
import type { GatewayEvent } from '../../src/domain/events/order.ts';
import { cash, count } from '../../src/domain/money.ts';
import { applyGateway } from '../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { emptyPortfolio, type OpenOrder, type Portfolio } from '../../src/portfolio/portfolio.ts';
import { contractOf, fillOf, orderOf } from './samples.ts';

type State = OpenOrder['state'];

const FEE_BOUND = 40;
const order = orderOf({ count: 100, limitTicks: 4_000 });
const { clientOrderId, ticker, at } = order;
const head = { clientOrderId, ticker, at };
const WORDS = {
  submitted: { kind: 'orderSubmitted', ...head },
  resting: { kind: 'orderResting', ...head, remaining: count(100) },
  unknown: { kind: 'orderUnknown', ...head, why: 'timed out' },
  'done, nothing filled': { kind: 'orderDone', ...head, state: 'cancelled', filled: count(0) },
  'done, 60 filled and not yet told': { kind: 'orderDone', ...head, state: 'cancelled', filled: count(60) },
  rejected: { kind: 'orderRejected', ...head, why: 'no' },
  'a fill of a part': fillOf(order, { id: 'part', count: 40 }),
  'a fill of all of it': fillOf(order, { id: 'all' }),
} as const satisfies Record<string, GatewayEvent>;
type Word = keyof typeof WORDS;

const sent = applyOrder(emptyPortfolio(cash(1_000_000)), order, contractOf(), cash(FEE_BOUND));
const hearing = (portfolio: Portfolio, ...words: readonly Word[]): Portfolio =>
  words.reduce((held, word) => applyGateway(held, WORDS[word]), portfolio);
const FROM: Readonly<Record<State, Portfolio>> = {
  inFlight: sent,
  resting: hearing(sent, 'resting'),
  unknown: hearing(sent, 'unknown'),
  done: hearing(sent, 'done, 60 filled and not yet told'),
};
const openOf = (portfolio: Portfolio): OpenOrder | undefined => portfolio.orders.get(clientOrderId);

/** What each word makes of an order in each state: the state it stands in then, or that it is no longer open. */
const TABLE: Readonly<Record<Word, Readonly<Record<State, State | 'gone'>>>> = {
  submitted: { inFlight: 'inFlight', resting: 'resting', unknown: 'unknown', done: 'done' },
  resting: { inFlight: 'resting', resting: 'resting', unknown: 'resting', done: 'done' },
  unknown: { inFlight: 'unknown', resting: 'unknown', unknown: 'unknown', done: 'done' },
  'done, nothing filled': { inFlight: 'gone', resting: 'gone', unknown: 'gone', done: 'gone' },
  'done, 60 filled and not yet told': { inFlight: 'done', resting: 'done', unknown: 'done', done: 'done' },
  rejected: { inFlight: 'gone', resting: 'gone', unknown: 'gone', done: 'gone' },
  // What is left of it is as uncertain as it was.
  'a fill of a part': { inFlight: 'inFlight', resting: 'resting', unknown: 'unknown', done: 'done' },
  'a fill of all of it': { inFlight: 'gone', resting: 'gone', unknown: 'gone', done: 'gone' },
};

describe('an order’s states', () => {
  test('the table begins where it says', () => {
    for (const [state, portfolio] of Object.entries(FROM)) expect(openOf(portfolio)?.state).toBe(state);
  });

  describe.each(Object.keys(TABLE) as Word[])('%s', (word) => {
    test.each(Object.entries(TABLE[word]))('finds it %s and leaves it %s', (from, to) => {
      const before = FROM[from as State];
      const portfolio = hearing(before, word);
      expect(openOf(portfolio)?.state ?? 'gone').toBe(to);
      // Whatever may still fill stays reserved, at its price and with its fee; nothing else is.
      const { remaining = 0, feeBound = 0 } = openOf(portfolio) ?? {};
      expect(portfolio.reserved).toBe((4_000 * remaining) / 100 + feeBound);
      if (word === 'submitted' || word === 'resting' || word === 'unknown') {
        expect(portfolio.reserved).toBe(before.reserved);
        expect(portfolio.worst).toBe(before.worst);
        expect(portfolio.cash).toBe(before.cash);
      }
    });
  });

  test('however often it is said that nobody knows, all of the order stays reserved', () => {
    const portfolio = hearing(sent, 'submitted', 'unknown', 'unknown', 'submitted', 'unknown');
    expect(openOf(portfolio)).toMatchObject({ state: 'unknown', remaining: 100, filled: 0 });
    expect([portfolio.reserved, portfolio.worst]).toEqual([sent.reserved, sent.worst]);
  });

  test('a fill that comes while nobody knows is booked, and what is left stays reserved', () => {
    const portfolio = hearing(sent, 'unknown', 'a fill of a part');
    expect(openOf(portfolio)).toMatchObject({ state: 'unknown', remaining: 60, filled: 40 });
    expect(portfolio.holdings.get(ticker)?.position).toBe(40);
    expect(hearing(portfolio, 'done, nothing filled').reserved).toBe(0);
  });

  test('a word on an order that nobody sent changes nothing', () => {
    const empty = emptyPortfolio(cash(1_000));
    for (const word of ['submitted', 'resting', 'unknown', 'done, nothing filled', 'rejected'] as const)
      expect(hearing(empty, word)).toEqual(empty);
  });
});
