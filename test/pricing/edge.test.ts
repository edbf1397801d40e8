import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContractBookView } from '../../src/domain/events/market.ts';
import { count, type PriceTicks, priceTicks } from '../../src/domain/money.ts';
import { blend } from '../../src/pricing/blend.ts';
import { closeMoments, scaleVolatility } from '../../src/pricing/close-moments.ts';
import {
  type EdgeInput,
  edgeOf,
  type FeePerContract,
  fairOf,
  marketOf,
  propose,
} from '../../src/pricing/edge.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { type Priced, probabilityOf } from '../../src/pricing/settlement.ts';
import {
  breakEvenTicks,
  requiredEdge,
  volatilityFactor,
  wouldChange,
} from '../../src/pricing/would-change.ts';
import { onGrid } from '../../src/venues/kalshi/tick-grid.ts';
import { contractOf, inputAt, lawOf, SPOT_CENTS } from './worlds.ts';

const settings = pricingSettings.parse({});
const trusting = pricingSettings.parse({
  edge: { blend: { marketWeight: 0, modelWeight: 1, modelWeightError: 0 } },
});
const limits = { edgeMinDollars: 0.005, edgeErrorMultiple: 1 };

/** The official taker fee of one fill, rounded up to $0.0001 a contract. */
const fee: FeePerContract = (_side, ticks) => Math.ceil((7 * ticks * (10_000 - ticks)) / 1_000_000) / 10_000;

const bookOf = (bid: number | undefined, ask: number | undefined): ContractBookView => ({
  ticker: 'TEST',
  live: true,
  bidTicks: bid as PriceTicks | undefined,
  askTicks: ask as PriceTicks | undefined,
  bidCount: count(bid === undefined ? 0 : 10_000),
  askCount: count(ask === undefined ? 0 : 10_000),
  crossed: false,
  countAt: () => count(0),
  walk: () => {},
});
const priced = (probability: number, more: Partial<Priced> = {}): Priced => ({
  kind: 'priced',
  probability,
  sdLog: 0.002,
  spanSeconds: 800,
  logVolatilitySlope: 0,
  logIndexSlope: 0,
  indexSdLog: 0,
  ...more,
});
const inputOf = (probability: number, bid: number | undefined, ask: number | undefined): EdgeInput => ({
  book: bookOf(bid, ask),
  price: priced(probability),
  position: count(0),
  bankrollDollars: 1_000,
  feePerContract: fee,
});

describe('blend', () => {
  test('two equal opinions stay what they are, whatever the odds', () => {
    for (const p of [0.001, 0.03, 0.5, 0.8, 0.999])
      expect(blend(p, p, settings.edge.blend).probability).toBeCloseTo(p, 12);
  });

  test('property: it lies between model and market, nearer the market, and rises with both', () => {
    const p = fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true });
    fc.assert(
      fc.property(p, p, (model, market) => {
        const { probability, modelSlope, weightSlope } = blend(model, market, settings.edge.blend);
        expect(probability).toBeGreaterThanOrEqual(Math.min(model, market) - 1e-12);
        expect(probability).toBeLessThanOrEqual(Math.max(model, market) + 1e-12);
        expect(modelSlope).toBeGreaterThan(0);
        const step = 1e-7;
        const up = blend(model + step, market, settings.edge.blend).probability;
        const down = blend(model - step, market, settings.edge.blend).probability;
        expect((up - down) / (2 * step) / modelSlope).toBeCloseTo(1, 3);
        const { marketWeight, modelWeight } = settings.edge.blend;
        const moved = (by: number) =>
          blend(model, market, {
            ...settings.edge.blend,
            marketWeight: marketWeight - by,
            modelWeight: modelWeight + by,
          }).probability;
        expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(weightSlope, 6);
      }),
    );
  });

  test('certainty of one does not silence the other, and NaN stays NaN', () => {
    expect(blend(1, 0.5, settings.edge.blend).probability).toBeLessThan(0.95);
    expect(blend(Number.NaN, 0.5, settings.edge.blend).probability).toBeNaN();
    expect(blend(0.5, Number.NaN, settings.edge.blend).probability).toBeNaN();
  });
});

describe('propose', () => {
  test('a model above the ask buys YES at the ask, one below the bid buys NO at the bid', () => {
    expect(propose(inputOf(0.8, 5_000, 5_200), trusting)).toMatchObject({ side: 'bid', limitTicks: 5_200 });
    expect(propose(inputOf(0.2, 5_000, 5_200), trusting)).toMatchObject({ side: 'ask', limitTicks: 5_000 });
  });

  test('the edge is the probability less price and exact fee, on either side', () => {
    const yes = propose(inputOf(0.8, 5_000, 5_200), trusting);
    expect(yes?.edgeDollars).toBeCloseTo(0.8 - 0.52 - 0.0175, 10);
    expect(yes?.feeDollars).toBe(0.0175);
    const no = propose(inputOf(0.2, 5_000, 5_200), trusting);
    expect(no?.edgeDollars).toBeCloseTo(0.8 - 0.5 - 0.0175, 10);
  });

  test('shrunk toward the market, the same opinion is worth a fraction', () => {
    const proposal = propose(inputOf(0.8, 5_000, 5_200), settings);
    expect(proposal?.modelProbability).toBe(0.8);
    expect(proposal?.probability).toBeCloseTo(0.58, 4);
    expect(proposal?.edgeDollars).toBeCloseTo((proposal?.probability ?? 0) - 0.5375, 10);
  });

  test('property: it never leaves the better side, for fair values anywhere', () => {
    const tick = fc.integer({ min: 1, max: 9_998 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), tick, tick, (p, a, b) => {
        const [bid, ask] = [Math.min(a, b), Math.max(a, b) + 1];
        const input = inputOf(p, bid, ask);
        const proposal = propose(input, settings);
        const fair = fairOf(
          input.price,
          marketOf(priceTicks(bid), priceTicks(ask)),
          settings.edge,
        ).probability;
        const best = Math.max(
          edgeOf('bid', fair, priceTicks(ask), fee('bid', priceTicks(ask), count(100))),
          edgeOf('ask', fair, priceTicks(bid), fee('ask', priceTicks(bid), count(100))),
        );
        expect(proposal?.edgeDollars).toBeCloseTo(best, 12);
        expect((proposal?.count ?? 0) > 0 ? best > 0 : true).toBe(true);
      }),
    );
  });

  test('one side of a book is enough for a proposal, none is not', () => {
    expect(propose(inputOf(0.9, undefined, 5_000), settings)).toMatchObject({
      side: 'bid',
      limitTicks: 5_000,
    });
    expect(propose(inputOf(0.9, 5_000, undefined), settings)).toMatchObject({
      side: 'ask',
      limitTicks: 5_000,
      count: 0,
    });
    expect(propose(inputOf(0.9, undefined, undefined), settings)).toBeUndefined();
  });

  test('an unpriced contract proposes NaN and no count', () => {
    const proposal = propose(
      { ...inputOf(0.5, 4_000, 4_100), price: { kind: 'unpriced', why: 'noIndex' } },
      settings,
    );
    expect(proposal).toMatchObject({
      count: 0,
      probability: Number.NaN,
      edgeDollars: Number.NaN,
      probabilityError: Number.NaN,
    });
  });

  test('the standard error is the model’s own, from volatility and index, times the weight of the model', () => {
    const price = priced(0.5, { logVolatilitySlope: 0.2, logIndexSlope: 100, indexSdLog: 4e-4 });
    const { probabilityError } = fairOf(price, 0.5, settings.edge);
    expect(probabilityError).toBeCloseTo(0.21 * Math.hypot(0.2 * 0.15, 0.04), 12);
  });

  test('where model and market disagree, the error of the model’s weight is part of the standard error', () => {
    const sure = priced(0.8, { logVolatilitySlope: 0, logIndexSlope: 0, indexSdLog: 0 });
    const { probability, probabilityError } = fairOf(sure, 0.5, settings.edge);
    expect(probabilityError).toBeCloseTo(0.133 * Math.log(4) * probability * (1 - probability), 12);
    expect(fairOf(sure, 0.8, settings.edge).probabilityError).toBeCloseTo(0, 12);
  });

  test('a position held shrinks the proposal, the opposite one enlarges it', () => {
    const free = propose(inputOf(0.8, 5_000, 5_200), trusting)?.count ?? 0;
    const held =
      propose({ ...inputOf(0.8, 5_000, 5_200), position: count(2_000), bankrollDollars: 220 }, trusting)
        ?.count ?? 0;
    const empty = propose({ ...inputOf(0.8, 5_000, 5_200), bankrollDollars: 220 }, trusting)?.count ?? 0;
    expect(free).toBeGreaterThan(0);
    expect(empty - held).toBe(2_000);
  });
});

describe('what would change an abstention', () => {
  const contract = contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS + 15_000 });
  const moments = closeMoments(inputAt(900, { tails: lawOf(4, 0.7) }), settings.law);
  const price = probabilityOf(contract, moments);

  test('the price is the last on the grid that pays: one tick dearer does not', () => {
    const steps = { contract, feePerContract: fee, limits };
    for (const [bid, ask] of [
      [4_000, 4_200],
      [6_000, 6_300],
      [1_000, 2_000],
    ] as const) {
      for (const p of [0.1, 0.35, 0.5, 0.62, 0.9]) {
        const proposal = propose(inputOf(p, bid, ask), settings);
        if (proposal === undefined) throw new Error('test: expected a proposal');
        const ticks = breakEvenTicks({ ...steps, proposal });
        if (ticks === undefined) throw new Error('test: expected a price');
        const required = requiredEdge(proposal.probabilityError, limits);
        const edgeAt = (at: number) =>
          edgeOf(
            proposal.side,
            proposal.probability,
            priceTicks(at),
            fee(proposal.side, priceTicks(at), count(100)),
          );
        expect(onGrid(contract.tickBands, ticks)).toBe(true);
        expect(edgeAt(ticks)).toBeGreaterThanOrEqual(required);
        expect(edgeAt(proposal.side === 'bid' ? ticks + 100 : ticks - 100)).toBeLessThan(required);
      }
    }
  });

  test('no price pays for a probability that is not known or smaller than the least edge', () => {
    const proposal = propose(inputOf(0.5, 4_000, 4_100), settings);
    if (proposal === undefined) throw new Error('test: expected a proposal');
    for (const probability of [Number.NaN, 0.001])
      expect(
        breakEvenTicks({
          contract,
          feePerContract: fee,
          limits,
          proposal: { ...proposal, side: 'bid', probability },
        }),
      ).toBeUndefined();
  });

  test('the volatility factor is where the same side begins to pay, and nearer one it does not', () => {
    if (moments.kind !== 'open') throw new Error('test: expected an open close');
    // The market asks more than the model thinks, so only a wider forecast would buy YES here.
    const input = { ...inputOf(0.5, 2_000, 2_100), price };
    const proposal = propose(input, trusting);
    if (proposal === undefined) throw new Error('test: expected a proposal');
    const question = {
      contract,
      proposal: {
        ...proposal,
        side: 'bid' as const,
        limitTicks: priceTicks(2_100),
        feeDollars: fee('bid', priceTicks(2_100), count(100)),
      },
      moments,
      market: marketOf(priceTicks(2_000), priceTicks(2_100)),
      feePerContract: fee,
      limits,
      at: undefined,
    };
    const factor = volatilityFactor(question, trusting.edge) ?? Number.NaN;
    expect(factor).toBeGreaterThan(1);
    const surplus = (at: number) => {
      const fair = fairOf(
        probabilityOf(contract, scaleVolatility(moments, at)),
        question.market,
        trusting.edge,
      );
      return (
        edgeOf('bid', fair.probability, priceTicks(2_100), question.proposal.feeDollars) -
        requiredEdge(fair.probabilityError, limits)
      );
    };
    expect(surplus(factor)).toBeGreaterThanOrEqual(0);
    expect(surplus(factor - 0.002)).toBeLessThan(0);
    expect(wouldChange({ ...question, at: 5 }, trusting.edge)).toMatchObject({
      volatilityFactor: factor,
      at: 5,
    });
  });

  test('no volatility is asked for where none helps, and one where it already pays', () => {
    const proposal = propose({ ...inputOf(0.5, 2_000, 2_100), price }, settings);
    if (proposal === undefined) throw new Error('test: expected a proposal');
    const question = {
      contract,
      proposal,
      moments,
      market: 0.205,
      feePerContract: fee,
      limits,
      at: undefined,
    };
    const impossible = {
      ...question,
      proposal: { ...proposal, side: 'bid' as const, limitTicks: priceTicks(9_900) },
    };
    expect(volatilityFactor(impossible, settings.edge)).toBeUndefined();
    const free = {
      ...question,
      proposal: { ...proposal, side: 'bid' as const, limitTicks: priceTicks(100), feeDollars: 0 },
    };
    expect(volatilityFactor(free, settings.edge)).toBe(1);
    expect(
      volatilityFactor({ ...question, moments: { kind: 'unpriced', why: 'noIndex' } }, settings.edge),
    ).toBeUndefined();
  });
});
