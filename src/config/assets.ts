import { z } from 'zod';
import type { Asset } from '../domain/asset.ts';

/** Terms of the crypto series as the venue's series objects told them on 2026-09-25; the live venue's own word stands above it. */
const QUADRATIC = { kind: 'quadratic', multiplier: 1 } as const;

const FLOORS = { variance: 1e-9, net: 1e-8, distance: 1e-12 } as const;

const feeTerms = z.strictObject({
  kind: z.enum(['quadratic', 'quadratic_with_maker_fees', 'quadratic_with_combo_maker_fees']),
  multiplier: z.number().nonnegative(),
});

const ticker = z.string().regex(/^[A-Z0-9]+$/, { error: 'must be capital letters and digits' });

/** One asset, written out. */
const assetObject = z.strictObject({
  name: z.string().regex(/^[A-Z0-9]{1,10}$/, { error: 'must be 1 to 10 capital letters and digits' }),
  spot: z.strictObject({
    /** Pair in v2's spelling; `XBT/USD` is v1's and is refused. */
    kraken: z
      .string()
      .regex(/^(?!XBT\/)[A-Z0-9]+\/[A-Z0-9]+$/, { error: 'must be spelt as v2 does: BTC/USD' })
      .optional(),
    coinbase: z
      .string()
      .regex(/^[A-Z0-9]+-[A-Z0-9]+$/, { error: 'must be spelt as BTC-USD' })
      .optional(),
  }),
  series: z
    .strictObject({ range: ticker.optional(), above: ticker.optional(), quarterHour: ticker.optional() })
    .refine((series) => Object.values(series).some((each) => each !== undefined), {
      error: 'must name a series',
    }),
  indexId: z.string().min(1),
  indexDecimals: z.int().min(0).max(8),
  fee: feeTerms.optional(),
  models: z.string().min(1).optional(),
  floors: z
    .strictObject({
      variance: z.number().positive().default(FLOORS.variance),
      net: z.number().positive().default(FLOORS.net),
      distance: z.number().positive().default(FLOORS.distance),
    })
    .prefault({}),
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

/** Assets that a name alone stands for. Series, indices and decimals: Kalshi's lists of September 2026. */
const KNOWN: Readonly<Record<string, z.input<typeof assetObject>>> = {
  BTC: onIndex('BTC', 'BRTI', 2, { models: 'shipped:manifest.json' }),
  ETH: onIndex('ETH', 'ETHUSD_RTI', 2),
  SOL: onIndex('SOL', 'SOLUSD_RTI', 4, {
    series: { range: 'KXSOLE', above: 'KXSOLD', quarterHour: 'KXSOL15M' },
  }),
  XRP: onIndex('XRP', 'XRPUSD_RTI', 4),
  DOGE: onIndex('DOGE', 'DOGEUSD_RTI', 7),
};

/** Names of the assets that need not be written out. */
export const knownAssets: readonly string[] = Object.keys(KNOWN);

/** An asset as the configuration writes it: a known name, or all of it. */
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

const unique = (assets: readonly Asset[], of: (asset: Asset) => readonly string[]): boolean => {
  const all = assets.flatMap(of);
  return new Set(all).size === all.length;
};

/** The assets that are followed, the first being the one that a bare path on the command line is of. */
export const assetsSetting = z
  .array(assetSetting)
  .min(1)
  .default(() => [assetSetting.parse('BTC')])
  .refine((assets) => unique(assets, ({ name }) => [name]), { error: 'names must differ' })
  .refine((assets) => unique(assets, ({ indexId }) => [indexId]), { error: 'indices must differ' })
  .refine((assets) => unique(assets, ({ series }) => Object.values(series)), { error: 'series must differ' });
