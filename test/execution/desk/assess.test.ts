import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../../src/domain/contracts.ts';
import { cash, count, priceTicks } from '../../../src/domain/money.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { assess, feePerContract, lawOfClose, type Situation } from '../../../src/execution/desk/assess.ts';
import { emptyMarket } from '../../../src/execution/desk/market-state.ts';
import { emptySlot } from '../../../src/execution/desk/slot.ts';
import { whatWouldChange } from '../../../src/execution/desk/what-would-change.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { applyOrder } from '../../../src/portfolio/apply-order.ts';
import { emptyPortfolio } from '../../../src/portfolio/portfolio.ts';
import { printWindow } from '../../../src/pricing/print-window.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { standardChecks } from '../../../src/risk/checks.ts';
import { riskSettings } from '../../../src/risk/settings.ts';
import { CLOSE_AT, contractOf, orderOf } from '../../portfolio/samples.ts';
import { bookOf, contextOf, NOW } from '../../risk/samples.ts';
import { BTC } from '../../support/assets.ts';
import { forecastAt } from './desk-bench.ts';

const pricing = pricingSettings.parse({
  edge: { blend: { marketWeight: 0, modelWeight: 1, modelWeightError: 0 } },
});
const settings = { pricing, member: 'direct' } as const;
const account = emptyPortfolio(cash(10_000_000));

const situationOf = (changes: Partial<Situation> = {}): Situation => {
  const context = contextOf();
  return {
    now: NOW,
    index: {
      kind: 'index',
      asset: 'BTC',
      at: NOW,
      receivedAt: NOW,
      value: 80_000.99,
      source: 'prints',
      variance: 0,
    },
    support: context.support,
    indexDisputed: false,
    prints: printWindow(BTC),
    forecast: forecastAt(NOW),
    feeds: context.feeds,
    clockOffsetMicros: 0,
    mode: 'armed',
    warmMinutes: 600,
    requiredWarmMinutes: 600,
    directIndex: true,
    limits: riskSettings.parse({}),
    ...changes,
  };
};
const judged = (
  situation: Situation,
  {
    floorUnits = 8_000_099,
    bid = 4_000,
    ask = 4_200,
    portfolio = account,
    fee = contractOf().fee,
  }: {
    floorUnits?: number;
    bid?: number | undefined;
    ask?: number | undefined;
    portfolio?: typeof account;
    fee?: Contract['fee'] | null;
  } = {},
) =>
  assess(
    {
      contract: contractOf({ floorUnits, fee: fee ?? undefined }),
      contractState: 'active',
      book: bookOf({ bidTicks: priceTicks(bid), askTicks: priceTicks(ask) }),
      bookReceivedAt: situation.now,
      exchangeTrading: true,
    },
    lawOfClose(CLOSE_AT, situation, pricing.law),
    situation,
    portfolio,
    settings,
  );
const failing = (...of: Parameters<typeof judged>) => judged(...of).judgement.failing;

describe('assess', () => {
  test('a contract at its own median is worth a half, and what is cheaper is bought, as far as the fee allows', () => {
    const { proposal, judgement } = judged(situationOf());
    expect(proposal.modelProbability).toBeCloseTo(0.5, 2);
    expect(proposal).toMatchObject({ side: 'bid', limitTicks: 4_200 });
    expect(proposal.edgeDollars).toBeCloseTo(proposal.probability - 0.42 - proposal.feeDollars, 12);
    expect(judgement.verdict).toBe('approved');
    expect(judged(situationOf(), { bid: 5_800, ask: 6_000 }).proposal).toMatchObject({
      side: 'ask',
      limitTicks: 5_800,
    });
  });

  test('every check has its say, in its order, whatever is missing', () => {
    const whole = judged(situationOf()).judgement.findings.map(({ check }) => check);
    expect(whole).toHaveLength(standardChecks.length);
    expect(new Set(whole).size).toBe(standardChecks.length);
    const bare = judged(situationOf({ forecast: undefined, index: undefined })).judgement.findings;
    expect(bare.map(({ check }) => check)).toEqual(whole);
  });

  test('without a forecast or an index there is no price, and no price refuses', () => {
    expect(failing(situationOf({ forecast: undefined }))).toEqual(
      expect.arrayContaining(['forecastFresh', 'forecastUsable', 'priced', 'edge', 'orderSize']),
    );
    expect(failing(situationOf({ index: undefined }))).toEqual(
      expect.arrayContaining(['indexKnown', 'priced']),
    );
    expect(lawOfClose(CLOSE_AT, situationOf({ forecast: undefined }), pricing.law)).toMatchObject({
      kind: 'unpriced',
      why: 'noForecast',
    });
  });

  test('property: without known fee terms nothing is traded, however good it looks', () => {
    const quotes = fc
      .integer({ min: 1, max: 98 })
      .chain((bid) => fc.tuple(fc.constant(bid), fc.integer({ min: bid + 1, max: 99 })));
    fc.assert(
      fc.property(quotes, fc.integer({ min: 7_990_000, max: 8_010_000 }), ([bid, ask], floorUnits) => {
        const found = judged(situationOf(), { bid: bid * 100, ask: ask * 100, floorUnits, fee: null });
        expect(found.judgement.verdict).toBe('abstained');
        expect(found.judgement.failing).toEqual(
          expect.arrayContaining(['contractTerms', 'edge', 'orderSize', 'collateral']),
        );
        expect(found.proposal).toMatchObject({ count: 0, feeDollars: Number.NaN, edgeDollars: Number.NaN });
        const changed = whatWouldChange(
          {
            ...emptySlot('KXBTCD-A', emptyMarket(BTC, executionSettings.parse({}).desk, pricing.twin), 0),
            contract: contractOf({ floorUnits, fee: undefined }),
            book: bookOf(),
          },
          found,
          NOW,
          { pricing, risk: riskSettings.parse({}), member: 'direct', lastOrderAt: undefined },
        );
        expect(changed).toMatchObject({ priceTicks: undefined, volatilityFactor: undefined });
      }),
      { numRuns: 50 },
    );
  });

  test('a NaN anywhere in a forecast’s path or tails is priced as nothing, or is not needed for the price', () => {
    const forecast = forecastAt(NOW);
    const approvedWith = (poisoned: typeof forecast): boolean =>
      judged(situationOf({ forecast: poisoned })).judgement.verdict === 'approved';
    expect(approvedWith(forecast)).toBe(true);
    const { path, tails } = forecast;
    const read: string[] = [];
    for (const key of ['fromAt', 'until', 'at', 'factor'] as const)
      if (!approvedWith({ ...forecast, path: { ...path, [key]: Number.NaN } })) read.push(key);
    for (const key of ['seconds', 'nu', 'scale'] as const)
      if (!approvedWith({ ...forecast, tails: tails.map((tail) => ({ ...tail, [key]: Number.NaN })) }))
        read.push(key);
    expect(read).toEqual(['fromAt', 'until', 'at', 'factor', 'seconds', 'nu', 'scale']);
    // Ten minutes to the close: the knots on its way are needed, and a price that is made without one is the same.
    const whole = judged(situationOf()).proposal.probability;
    let needed = 0;
    for (let knot = 0; knot < path.cumulative.length; knot++) {
      const { proposal, judgement } = judged(
        situationOf({
          forecast: { ...forecast, path: { ...path, cumulative: path.cumulative.with(knot, NaN) } },
        }),
      );
      if (judgement.verdict === 'approved') expect(proposal.probability).toBe(whole);
      else needed++;
    }
    expect(needed).toBeGreaterThan(0);
  });

  test('a book without any side proposes nothing, in numbers that refuse', () => {
    const { proposal, judgement } = assess(
      {
        contract: contractOf(),
        contractState: 'active',
        book: bookOf({ bidTicks: undefined, askTicks: undefined, bidCount: count(0), askCount: count(0) }),
        bookReceivedAt: NOW,
        exchangeTrading: true,
      },
      lawOfClose(CLOSE_AT, situationOf(), pricing.law),
      situationOf(),
      account,
      settings,
    );
    expect(proposal).toMatchObject({ count: 0, probability: Number.NaN, edgeDollars: Number.NaN });
    expect(judgement.failing).toEqual(expect.arrayContaining(['priced', 'twoSided', 'edge', 'orderSize']));
  });

  test('property: strikes that share the law of one close are priced in order', () => {
    const strikes = fc.uniqueArray(fc.integer({ min: 7_950_000, max: 8_050_000 }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(strikes, fc.double({ min: 0.1, max: 1.5, noNaN: true }), (floors, volatility) => {
        const situation = situationOf({ forecast: forecastAt(NOW, volatility) });
        const prices = floors
          .sort((a, b) => a - b)
          .map((floorUnits) => judged(situation, { floorUnits }).proposal.modelProbability);
        for (let i = 1; i < prices.length; i++)
          expect(prices[i]).toBeLessThanOrEqual(prices[i - 1] as number);
      }),
      { numRuns: 40 },
    );
  });

  test('orders in flight count: the account is the one it is given', () => {
    const portfolio = applyOrder(account, orderOf({ at: NOW - MINUTE, count: 200 }), contractOf(), cash(10));
    expect(failing(situationOf())).toEqual([]);
    expect(failing(situationOf(), { portfolio })).toEqual(['duplicate']);
  });
});

describe('feePerContract', () => {
  test("is Kalshi's own example shared out: 100 contracts at 50 cents cost 1.75 dollars", () => {
    const fee = feePerContract(contractOf(), 'direct');
    expect(fee('bid', priceTicks(5_000), count(10_000)) * 100).toBeCloseTo(1.75, 9);
    expect(fee('ask', priceTicks(5_000), count(10_000)) * 100).toBeCloseTo(1.75, 9);
  });

  test('a series with twice the multiplier costs twice', () => {
    const once = feePerContract(contractOf(), 'direct')('bid', priceTicks(3_000), count(10_000));
    const twice = feePerContract(contractOf({ fee: { kind: 'quadratic', multiplier: 2 } }), 'direct');
    expect(twice('bid', priceTicks(3_000), count(10_000))).toBeCloseTo(2 * once, 9);
  });
});
