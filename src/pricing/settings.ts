import { z } from 'zod';
import { SECOND } from '../domain/time.ts';

const span = (micros: number) => z.int().nonnegative().default(micros);

/** When the settlement law may speak. */
const lawSettings = z.strictObject({
  /** Closer to the close than this, a contract is unpriced unless it is certain: how so few prints are distributed is not yet measured. */
  minToCloseMicros: span(15 * SECOND),
  /** Closer than this, a stand-in for the index may not price: the last minute is the index's own prints. */
  minTwinToCloseMicros: span(120 * SECOND),
  /** How late a print may come before it counts as missing. */
  printLagMicros: span(2 * SECOND),
});

/** How the stand-in for the index is made. */
const twinSettings = z.strictObject({
  /** Identifier of the index that settles. */
  indexId: z.string().default('BRTI'),
  /** The spot symbols that may stand in, as each venue spells them. */
  symbols: z.array(z.string()).default(['BTC/USD', 'BTC-USD']),
  /** Silence of the index, by our clock, after which the venues stand in. */
  staleMicros: span(3 * SECOND),
  /** Age up to which a venue's price takes part in the median. Without any, the newest of all is used with its own time. */
  venueFreshMicros: span(5 * SECOND),
  /** An unchanged stand-in is told again this often, since its time moved on. */
  refreshMicros: span(SECOND),
  /**
   * Standard deviation of the stand-in's log error where no basis is known. Against 992 settlements the last minute of a two-venue
   * median erred by 2.65 bp; 1.2 bp is the robust estimate of the same.
   */
  errorBasisPoints: z.number().nonnegative().default(1.2),
  /** Index prints over which a venue's basis is averaged (its time constant), and how many make it known. */
  basisPrints: z.number().min(1).default(300),
  basisMinPrints: z.int().min(2).default(30),
});

/**
 * How the model's probability is drawn toward the market: logit p = a + b·logit(mid) + c·logit(model).
 * On 392 KXBTC15M markets of May 2026 the mid took .788 (se .124) and a minute-resolution model .124 (se .133): the model added nothing
 * significant. The market keeps its measured weight; the model gets the rest of one, inside one standard error of what was measured, so that
 * two equal opinions stay what they are.
 */
const blendSettings = z.strictObject({
  intercept: z.number().default(0),
  marketWeight: z.number().min(0).default(0.79),
  modelWeight: z.number().min(0).default(0.21),
  /** Standard error of the model's weight, as measured. An edge that lives only on the weight being right is no edge. */
  modelWeightError: z.number().min(0).default(0.133),
});

/** How a probability becomes an edge. What an edge must exceed is a limit of the risk checks. */
const edgeSettings = z.strictObject({
  blend: blendSettings.prefault({}),
  /** Standard error of the forecast of log volatility (0.15 is 15 %). */
  logVolatilityError: z.number().nonnegative().default(0.15),
});

/** How much to buy. */
const sizingSettings = z.strictObject({
  /** Part of the Kelly stake, 0 to 1. */
  kellyFraction: z.number().min(0).max(1).default(0.1),
  /** Most of the displayed count at the touch that one order takes. */
  displayedShare: z.number().min(0).max(1).default(0.5),
  /** Most of one order, in 0.01 contracts. */
  maxOrderCount: z.int().nonnegative().default(2_500),
  /** Orders are multiples of this many 0.01 contracts: 100 buys whole contracts. */
  lotCount: z.int().positive().default(100),
});

/** Settings of pricing. */
export const pricingSettings = z.strictObject({
  law: lawSettings.prefault({}),
  twin: twinSettings.prefault({}),
  edge: edgeSettings.prefault({}),
  sizing: sizingSettings.prefault({}),
});

/** Settings of pricing, defaults filled in. */
export type PricingSettings = z.infer<typeof pricingSettings>;
