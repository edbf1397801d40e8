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

/** When two prices of the same index agree, and how long a price that does not is held. */
const agreeSettings = z
  .strictObject({
    // The last minute of a median of two venues was off by 2.65 bp, so this is nearly four deviations.
    basisPoints: z
      .number()
      .nonnegative()
      .default(10)
      .describe('Least band within which a print of the index and the price of a spot venue agree.'),
    deviations: z
      .number()
      .nonnegative()
      .default(5)
      .describe('The band is at least this many standard deviations of the prices and of their ages.'),
    volatility: z
      .number()
      .nonnegative()
      .default(1)
      .describe('Annualised volatility that the band allows for the time between two prices.'),
    maxAgeMicros: span(15 * SECOND).describe(
      'Age up to which a spot venue counts as present. While one is, time alone confirms no jump.',
    ),
    sameTimeMicros: span(2 * SECOND).describe(
      'How far apart in time a print and the price of a spot venue may be, so that one speaks for the other.',
    ),
    holdMicros: span(5 * SECOND).describe(
      'How long a print that no spot venue supports is held. After that it is dropped.',
    ),
    unsupportedMicros: span(10 * SECOND).describe(
      'How long prints that go on from each other are believed while the fresh spot venues say otherwise.',
    ),
    aloneMicros: span(30 * SECOND).describe(
      'How long the prints must stay where they jumped to, if there is no spot venue to compare with.',
    ),
    confirmMicros: span(2 * SECOND).describe(
      'How long a spot venue must stay where it jumped to, if there is no other, before it moves the twin.',
    ),
  })
  .describe('When prices agree. A print of the index, or a spot venue, that does not is held back.');

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
    // On 17 closes of the recordings the likeliest pair is .32 and .42; wider ones cover as well.
    noiseBasisPoints: z
      .number()
      .positive()
      .default(0.4)
      .describe(
        'Standard deviation between the index and a venue whose basis is known, over the minute that settles.',
      ),
    driftBasisPoints: z
      .number()
      .nonnegative()
      .default(0.5)
      .describe("Standard deviation by which a venue's basis wanders in an hour."),
    learnSettlements: z
      .boolean()
      .default(true)
      .describe(
        'Whether each settlement teaches the bases: the floor of a quarter-hour contract is the settlement before it.',
      ),
    settlementDeviations: z
      .number()
      .positive()
      .default(3)
      .describe(
        'A settlement further from the known basis than this many deviations teaches nothing, unless the next one confirms it.',
      ),
    basisPrints: z
      .number()
      .min(1)
      .default(300)
      .describe("Prints over which the scatter of a venue's price around the index is averaged."),
    basisMinPrints: z.int().min(2).default(30).describe("Prints that make a venue's basis known."),
    agree: agreeSettings.prefault({}),
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
    method: z
      .enum(['joint', 'single'])
      .default('joint')
      .describe(
        '`joint` sizes everything at one close together, over the settlement values, with what is held and ordered; for one contract alone it equals `single`, which looks at no other contract.',
      ),
    drawdownLimit: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe(
        'Loss from the highest equity, as a share of it, at which nothing more is bought; the Kelly fraction falls toward it. 1 keeps nothing back.',
      ),
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
