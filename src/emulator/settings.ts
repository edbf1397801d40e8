import { z } from 'zod';
import { MILLISECOND, MINUTE } from '../domain/time.ts';
import { assetDefaults, USUAL_ASSET } from './asset-defaults.ts';
import { SEASONS } from './world/season.ts';

const DAYS_A_YEAR = 365;

/** How the price of one asset moves. A missing key has the asset's own default (`asset-defaults.ts`). */
const price = {
  startDollars: z
    .number()
    .positive()
    .max(1_000_000)
    .optional()
    .describe('The index at the start of the session.'),
  annualisedVolatility: z
    .number()
    .positive()
    .max(5)
    .optional()
    .describe('Deviation of the log index in a year, over all hours and jumps included: 0.45 is 45 %.'),
  jumpsPerDay: z.number().nonnegative().optional().describe('Jumps of the index in a day, on average.'),
  jumpDeviation: z
    .number()
    .nonnegative()
    .max(0.1)
    .optional()
    .describe('Deviation of one jump of the log index: 0.001 is 0.1 %.'),
  season: z
    .enum(SEASONS)
    .optional()
    .describe(
      "The week's shape of variance, `stylised` where none is named; `modelled` has the hours of the models that this package ships, so that their forecasts are about right.",
    ),
};

/** One asset's market. A missing key has the asset's own default. */
const marketSettings = z.strictObject({
  ...price,
  coin: z.string().min(1).optional().describe('What titles call the asset.'),
  minuteVolume: z
    .number()
    .positive()
    .optional()
    .describe('Coins traded on the spot venue in a minute of mean activity.'),
  strikeStepDollars: z.number().positive().optional().describe('Distance between two hourly strikes.'),
  krakenPriceDecimals: z.int().min(0).max(10).optional().describe("Decimals of Kraken's prices."),
  krakenQuantityDecimals: z.int().min(0).max(8).optional().describe("Decimals of Kraken's quantities."),
});

/** How one asset's market differs from its default. */
export type MarketSettings = z.infer<typeof marketSettings>;

/** Whether an asset's jumps are less than its whole volatility. */
export const jumpsFit = (
  name: string,
  { annualisedVolatility, jumpsPerDay, jumpDeviation }: Pick<MarketSettings, keyof typeof price>,
): boolean => {
  const usual = assetDefaults(name);
  const yearly = (jumpsPerDay ?? usual.jumpsPerDay) * DAYS_A_YEAR;
  return (
    yearly * (jumpDeviation ?? usual.jumpDeviation) ** 2 <
    (annualisedVolatility ?? usual.annualisedVolatility) ** 2
  );
};

const TOO_MUCH = 'jumps alone must not exceed annualisedVolatility';

/** Settings of the emulated venues. The same settings and assets give the same frames, byte for byte. */
export const emulatorSettings = z
  .strictObject({
    // If one part of the emulation draws more or fewer numbers, the draws of the others do not change.
    seed: z
      .string()
      .min(1)
      .default('voltage')
      .describe('Any text. Another seed is another market; the same one gives the same frames.'),
    startAt: z.iso
      .datetime()
      .default('2026-06-01T13:30:00Z')
      .refine((text) => (Date.parse(text) * MILLISECOND) % MINUTE === 0, {
        error: 'startAt must be a whole minute',
      })
      .describe(
        'First instant of the session, a whole minute. The default is the opening bell of New York on a Monday.',
      ),
    spanMinutes: z.int().positive().default(60).describe('Length of the session.'),
    historyMinutes: z
      .int()
      .min(20)
      .default(10_140)
      .describe(
        "Closed one-minute bars before the session. The default is a week and an hour, what the forecast's longest window needs.",
      ),
    // These five keys belong to the first asset; `markets` has them for each asset.
    ...price,
    markets: z
      .record(z.string(), marketSettings)
      .default({})
      .describe(
        "Markets of assets by the asset's name. Where a key is left out, the asset's own default stands. " +
          'What stands here for the first asset stands above the same keys of `emulator`.',
      ),
    correlation: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe("Correlation of the shocks of two assets' prices, volatilities and jumps."),
    exchangeIndex: z
      .record(z.string(), z.int().nonnegative())
      .default({})
      .describe(
        'Shard of a series by its ticker. A series that is not named is on shard 2, as the crypto series are.',
      ),
    density: z
      .number()
      .positive()
      .max(10)
      .default(1)
      .describe(
        'Factor on the rate of everything that is not on a timer: 1 is about a real Kraken book and a thinned Kalshi.',
      ),
    krakenDepth: z
      .union([z.literal(10), z.literal(25)])
      .default(10)
      .describe("Levels a side of Kraken's book."),
    strikes: z
      .int()
      .min(2)
      .max(60)
      .default(9)
      .describe(
        'Hourly strikes around the index when they are listed. The ranges are the spaces between them.',
      ),
    impliedNoise: z
      .number()
      .nonnegative()
      .max(1)
      .default(0.12)
      .describe('Deviation of the log error of the volatility that makers quote from.'),
    useYesPrice: z
      .boolean()
      .default(false)
      .describe('What the subscriber asked of Kalshi: true if levels of NO come as prices of YES.'),
    weeklyPause: z
      .boolean()
      .default(true)
      .describe("Kalshi's weekly pause of trading: Thursdays from 03:00 to 05:00 in New York."),
    orderGroupTrigger: z
      .enum(['hit', 'exceeded'])
      .default('hit')
      .describe(
        'Whether an order group triggers once the contracts matched in its window are its limit, or once they are more. Two pages of the documentation differ.',
      ),
    portfolioLagMs: z
      .number()
      .nonnegative()
      .max(60_000)
      .default(0)
      .describe(
        "Age of what Kalshi's portfolio reads show, in milliseconds of the market's time. On the exchange it is about 1,000.",
      ),
    fiveHertz: z
      .boolean()
      .default(false)
      .describe('Also sends the index five times a second (`cfbenchmarks_value_5hz`).'),
  })
  .refine((settings) => jumpsFit(USUAL_ASSET, settings), { error: TOO_MUCH, path: ['jumpsPerDay'] })
  .superRefine(({ markets }, context) => {
    for (const [name, market] of Object.entries(markets))
      if (!jumpsFit(name, market))
        context.addIssue({ code: 'custom', message: TOO_MUCH, path: ['markets', name, 'jumpsPerDay'] });
  })
  .describe('The emulated venues. The same settings and assets give the same frames, byte for byte.');

/** Settings of the emulated venues, defaults filled in. */
export type EmulatorSettings = z.infer<typeof emulatorSettings>;
