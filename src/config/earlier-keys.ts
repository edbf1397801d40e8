import type { SeriesKind } from '../domain/asset.ts';

type Raw = Readonly<Record<string, unknown>>;

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (series: string): SeriesKind => {
  if (series.endsWith('15M')) return 'quarterHour';
  return series.endsWith('D') ? 'above' : 'range';
};

/**
 * An object without some of its keys. A value that is not an object stays as it is, and the schema refuses
 * it.
 */
const without = (value: unknown, ...keys: readonly string[]): unknown =>
  isRaw(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) : value;

/**
 * A list of series as an object by kind. Undefined if it is not a list of tickers, or has two of one kind.
 */
function seriesByKind(series: unknown): Readonly<Partial<Record<SeriesKind, string>>> | undefined {
  if (!Array.isArray(series) || !series.every((ticker) => typeof ticker === 'string')) return undefined;
  const byKind = new Map(series.map((ticker) => [kindOf(ticker), ticker]));
  return byKind.size === series.length ? Object.fromEntries(byKind) : undefined;
}

/**
 * Rewrites a configuration with single-asset keys as one with `assets`: `kraken.symbol`, `coinbase.product`,
 * `kalshi.series` and `pricing.twin.indexId` become keys of the first asset, and `pricing.twin.symbols` is
 * dropped. Older recordings have such files beside them. `first` is the asset that the keys change. A
 * configuration with both forms is left as it is, and the schema refuses it; so it does series that one asset
 * cannot have.
 */
export function withAssets(raw: unknown, first: Raw): unknown {
  if (!isRaw(raw) || raw['assets'] !== undefined) return raw;
  const { kraken, coinbase, kalshi, pricing } = raw;
  const symbol = isRaw(kraken) ? kraken['symbol'] : undefined;
  const product = isRaw(coinbase) ? coinbase['product'] : undefined;
  const series = isRaw(kalshi) ? kalshi['series'] : undefined;
  const twin = isRaw(pricing) ? pricing['twin'] : undefined;
  const indexId = isRaw(twin) ? twin['indexId'] : undefined;
  const symbols = isRaw(twin) ? twin['symbols'] : undefined;
  if ([symbol, product, series, indexId, symbols].every((key) => key === undefined)) return raw;
  const byKind = seriesByKind(series);
  const spot = isRaw(first['spot']) ? first['spot'] : {};
  const asset = {
    ...first,
    spot: {
      ...spot,
      ...(symbol !== undefined && { kraken: symbol }),
      ...(product !== undefined && { coinbase: product }),
    },
    ...(byKind && { series: byKind }),
    ...(indexId !== undefined && { indexId }),
  };
  return {
    ...raw,
    assets: [asset],
    ...(kraken !== undefined && { kraken: without(kraken, 'symbol') }),
    ...(coinbase !== undefined && { coinbase: without(coinbase, 'product') }),
    ...(kalshi !== undefined && { kalshi: byKind ? without(kalshi, 'series') : kalshi }),
    ...(isRaw(pricing) && {
      pricing: { ...pricing, ...(twin !== undefined && { twin: without(twin, 'indexId', 'symbols') }) },
    }),
  };
}
