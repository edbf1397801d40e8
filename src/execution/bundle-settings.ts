import { z } from 'zod';
import { SECOND } from '../domain/time.ts';

/** Settings of ladders and bundles. */
export const bundleSettings = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Whether bundles are bought. They are found and told all the same.'),
    legRiskDollars: z
      .number()
      .nonnegative()
      .default(0.01)
      .describe(
        'What the chance that a leg is not filled costs, for one contract of one leg: a bundle must leave this much for each of its legs.',
      ),
    profitMinDollars: z
      .number()
      .nonnegative()
      .default(0.05)
      .describe('Least that a whole bundle must leave beyond its leg risk.'),
    legsMax: z.int().min(2).default(6).describe('Most legs of a bundle that is bought.'),
    maxCount: z.int().nonnegative().default(2_500).describe('Largest count of each leg.'),
    ladderEveryMicros: z
      .int()
      .positive()
      .default(5 * SECOND)
      .describe('How often implied volatility, skew and depth of a close are told.'),
  })
  .describe(
    'Bundles: contracts of one close that together pay more than they cost, whatever the index does.',
  );

export type BundleSettings = z.infer<typeof bundleSettings>;
