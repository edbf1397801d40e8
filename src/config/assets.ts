import { z } from 'zod';
import type { Asset } from '../domain/asset.ts';
import { readFee } from '../venues/kalshi/read-fee.ts';
import { spotSymbols } from './venues.ts';

/**
 * Fee terms of the crypto series, as in the venue's series objects on 2026-09-25. Terms that the live venue
 * sends replace them.
 */
const QUADRATIC = { kind: 'quadratic', multiplier: 1 } as const;

const FLOORS = { variance: 1e-9, net: 1e-8, distance: 1e-12 } as const;

const feeTerms = z
  .strictObject({
    kind: z
      .enum(['quadratic', 'quadratic_with_maker_fees', 'quadratic_with_combo_maker_fees'])
      .describe("Kalshi's name of the fee's formula."),
    multiplier: z.number().nonnegative().describe('Factor on the fee: 1 for most series.'),
  })
  .refine(({ kind, multiplier }) => readFee(kind, multiplier) !== 'unknown', {
    error: 'must have at most four decimals and be at most 1000',
    path: ['multiplier'],
  })
  .describe(
    "Fee terms of the series until the venue has told them. Without them only the venue's own word counts, and a contract of unknown terms is not traded.",
  );

const ticker = z.string().regex(/^[A-Z0-9]+$/, { error: 'must be capital letters and digits' });

/** One asset with all its keys. */
const assetObject = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Z0-9]{1,10}$/, { error: 'must be 1 to 10 capital letters and digits' })
    .describe("Short name, such as the coin's symbol, unique in the list."),
  spot: spotSymbols.describe("The asset's pair at each spot venue that quotes it."),
  series: z
    .strictObject({
      range: ticker.optional().describe('Ticker of the series that pays between two strikes.'),
      above: ticker.optional().describe('Ticker of the series that pays past a strike.'),
      quarterHour: ticker
        .optional()
        .describe('Ticker of the series that pays at or above what the quarter-hour before settled at.'),
    })
    .refine((series) => Object.values(series).some((each) => each !== undefined), {
      error: 'must name a series',
    })
    .describe('The series that are followed, at least one.'),
  indexId: z.string().min(1).describe('Identifier of the index that settles the contracts.'),
  indexDecimals: z
    .int()
    .min(0)
    .max(8)
    .describe("Decimals of the index's prints, of strikes and of settlement values."),
  fee: feeTerms.optional(),
  models: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Manifest of trained models or a backbone to forecast with: a path, or `shipped:` and a file of the package's models folder.",
    ),
  floors: z
    .strictObject({
      variance: z
        .number()
        .positive()
        .default(FLOORS.variance)
        .describe('Floor under every variance, in squared log returns per minute.'),
      net: z
        .number()
        .positive()
        .default(FLOORS.net)
        .describe(
          'Floor under the square of a net move, which may be 0 by chance, in squared log returns per minute.',
        ),
      distance: z
        .number()
        .positive()
        .default(FLOORS.distance)
        .describe('Floor under the square of a distance from an extreme, in squared log returns per minute.'),
    })
    .prefault({})
    .describe("Added inside the logarithms of the asset's features, so that silence stays finite."),
});

const onIndex = (
  name: string,
  indexId: string,
  indexDecimals: number,
  more: Partial<z.input<typeof assetObject>> = {},
): z.input<typeof assetObject> => ({
  name,
  spot: { kraken: `${name}/USD`, coinbase: `${name}-USD` },
  series: { range: `KX${name}`, above: `KX${name}D`, quarterHour: `KX${name}15M` },
  indexId,
  indexDecimals,
  fee: QUADRATIC,
  ...more,
});

/** A coin with a quarter-hour series alone. `pairs` are its pairs at the venues that are known to quote it. */
const quarterHourOnly = (
  name: string,
  indexDecimals: number,
  pairs: Readonly<Record<string, string>>,
): z.input<typeof assetObject> =>
  onIndex(name, `${name}USD_RTI`, indexDecimals, {
    spot: pairs,
    series: { quarterHour: `KX${name}15M` },
  });

/**
 * Assets that a configuration can give by name alone. Series, indices and decimals are from Kalshi's lists of
 * September 2026. A coin is not here until a settled contract has shown the decimals of its index: ADA, BCH
 * and TON had none. A pair is named only where the venue is known to quote it, because one unknown pair can
 * make a venue refuse a whole subscription.
 */
const KNOWN: Readonly<Record<string, z.input<typeof assetObject>>> = {
  BTC: onIndex('BTC', 'BRTI', 2, { models: 'shipped:manifest.json' }),
  ETH: onIndex('ETH', 'ETHUSD_RTI', 2),
  SOL: onIndex('SOL', 'SOLUSD_RTI', 4, {
    series: { range: 'KXSOLE', above: 'KXSOLD', quarterHour: 'KXSOL15M' },
  }),
  XRP: onIndex('XRP', 'XRPUSD_RTI', 4),
  DOGE: onIndex('DOGE', 'DOGEUSD_RTI', 7),
  BNB: quarterHourOnly('BNB', 2, { kraken: 'BNB/USD' }),
  HYPE: quarterHourOnly('HYPE', 4, { kraken: 'HYPE/USD' }),
  ZEC: quarterHourOnly('ZEC', 4, { kraken: 'ZEC/USD', coinbase: 'ZEC-USD' }),
  NEAR: quarterHourOnly('NEAR', 4, { kraken: 'NEAR/USD', coinbase: 'NEAR-USD' }),
};

/** The asset of configurations that have no `assets` but its keys (`earlier-keys.ts`). */
export const firstAsset: Readonly<Record<string, unknown>> = { ...KNOWN['BTC'] };

/** Names of the assets that a configuration can give by name alone. */
export const knownAssets: readonly string[] = Object.keys(KNOWN);

/** An asset in the configuration: a known name, or an object with all its keys. */
const assetSetting = z
  .union([z.string(), assetObject])
  .transform((asset, context) => {
    if (typeof asset !== 'string') return asset;
    const known = KNOWN[asset];
    if (known) return known;
    context.addIssue({
      code: 'custom',
      message: `must be one of ${knownAssets.join(', ')}, or an asset written out`,
    });
    return z.NEVER;
  })
  .pipe(assetObject)
  .transform(
    ({ fee, models, spot, series, ...rest }): Asset => ({
      ...rest,
      spot: spot as Asset['spot'],
      series: series as Asset['series'],
      fee,
      models,
    }),
  );

/** The asset with this name: one of `assets`, else a known one. Without a name, the first of `assets`. */
export function assetNamed(assets: readonly Asset[], name?: string): Asset | undefined {
  if (name === undefined) return assets[0];
  return assets.find((asset) => asset.name === name) ?? (KNOWN[name] && assetSetting.parse(name));
}

const unique = (assets: readonly Asset[], of: (asset: Asset) => readonly string[]): boolean => {
  const all = assets.flatMap(of);
  return new Set(all).size === all.length;
};

/** The assets that are followed. A path on the command line without an asset's name belongs to the first. */
export const assetsSetting = z
  .array(assetSetting)
  .min(1)
  .default(() => [assetSetting.parse('BTC')])
  .refine((assets) => unique(assets, ({ name }) => [name]), { error: 'names must differ' })
  .refine((assets) => unique(assets, ({ indexId }) => [indexId]), { error: 'indices must differ' })
  .refine((assets) => unique(assets, ({ series }) => Object.values(series)), { error: 'series must differ' })
  .describe(
    `The assets that are followed, each written out or by a known name: ${knownAssets.join(', ')}. Without this key, the first of those. ` +
      'A bare path on the command line is of the first asset.',
  );
