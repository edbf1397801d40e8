import { z } from 'zod';
import { SECOND } from '../domain/time.ts';

const span = (micros: number) => z.int().nonnegative().default(micros);

/** When a contract may be priced. */
const lawSettings = z
  .strictObject({
    minToCloseMicros: span(15 * SECOND).describe(
      'Closer to the close than this, a contract is not priced unless it is certain: how so few prints are distributed is not yet measured.',
    ),
    minTwinToCloseMicros: span(120 * SECOND).describe(
      "Closer to the close than this, the twin of the index may not price: the last minute is the index's own prints.",
    ),
    printLagMicros: span(2 * SECOND).describe('How late a print may come before it counts as missing.'),
  })
  .describe('When the settlement law may price a contract.');

/** How the twin is computed. */
const twinSettings = z
  .strictObject({
    staleMicros: span(3 * SECOND).describe(
      'Silence of the index, by our clock, after which the twin stands in.',
    ),
    venueFreshMicros: span(5 * SECOND).describe(
      "Age up to which a venue's price takes part in the twin. Without any, the newest of all is used with its own time.",
    ),
    refreshMicros: span(SECOND).describe(
      'A twin that has not changed is published again this often, since its time has moved on.',
    ),
    // Compared with 992 settlements, the last minute of a median of two venues had a standard error of 2.65
    // bp. The robust estimate of the same is 1.2 bp.
    errorBasisPoints: z
      .number()
      .nonnegative()
      .default(1.2)
      .describe("Standard deviation of the twin's log error while no basis is known."),
    basisPrints: z
      .number()
      .min(1)
      .default(300)
      .describe("Prints over which a venue's basis is averaged: the time constant of the mean."),
    basisMinPrints: z.int().min(2).default(30).describe("Prints that make a venue's basis known."),
  })
  .describe('The twin, which stands in for the index from the prices of the spot venues.');

/**
 * How the model's probability is moved toward the market: logit p = a + b·logit(mid) + c·logit(model). On 392
 * quarter-hour markets of May 2026 the fit gave the mid a weight of .788 (se .124) and a model of minutes
 * .124 (se .133), so the model added nothing significant. The market keeps its measured weight. The model
 * gets the rest to one, which is within one standard error of the measured weight. So two equal probabilities
 * stay unchanged.
 */
const blendSettings = z
  .strictObject({
    intercept: z.number().default(0).describe('The constant of the blend, in logits.'),
    marketWeight: z.number().min(0).default(0.79).describe("Weight of the market's middle price, in logits."),
    modelWeight: z.number().min(0).default(0.21).describe("Weight of the model's probability, in logits."),
    modelWeightError: z
      .number()
      .min(0)
      .default(0.133)
      .describe(
        "Standard error of the model's weight, as measured. It raises the standard error of our probability, and so the least edge.",
      ),
  })
  .describe("How the model's probability is moved toward the market's.");

/** How a probability becomes an edge. The least edge required is a limit of the risk checks. */
const edgeSettings = z
  .strictObject({
    blend: blendSettings.prefault({}),
    logVolatilityError: z
      .number()
      .nonnegative()
      .default(0.15)
      .describe('Standard error of the forecast of log volatility: 0.15 is 15 %.'),
  })
  .describe('How a probability becomes an edge. What an edge must exceed is a limit of the risk checks.');

/** How much to buy. */
const sizingSettings = z
  .strictObject({
    kellyFraction: z.number().min(0).max(1).default(0.1).describe('Part of the Kelly stake that is bought.'),
    displayedShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Largest share of the count displayed at the touch that one order takes.'),
    maxOrderCount: z.int().nonnegative().default(2_500).describe('Largest order that is proposed.'),
    lotCount: z
      .int()
      .positive()
      .default(100)
      .describe('Orders are multiples of this: 100 buys whole contracts.'),
  })
  .describe('How much to buy.');

/** Settings of pricing. */
export const pricingSettings = z
  .strictObject({
    law: lawSettings.prefault({}),
    twin: twinSettings.prefault({}),
    edge: edgeSettings.prefault({}),
    sizing: sizingSettings.prefault({}),
  })
  .describe('From forecast and book to a proposal.');

/** Settings of pricing, defaults filled in. */
export type PricingSettings = z.infer<typeof pricingSettings>;
