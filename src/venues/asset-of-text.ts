import type { Asset } from '../domain/asset.ts';
import { EXCHANGE, type Venue } from '../domain/venues.ts';
import { assetsBySeries } from './kalshi/assets-by-series.ts';
import { seriesOf } from './kalshi/complete-contract.ts';

/** Where a text names what it speaks of: a market, an event or a series, an index, a pair. */
const NAMED =
  /"(?:market_ticker|event_ticker|series_ticker|ticker|index_id|symbol|product_id)":"([^"\\]{1,64})"/;

/**
 * Finds the asset that a venue's text speaks of first, without decoding it; undefined where it names none that is
 * configured. It only says where a text is kept: what a text means, the codecs say.
 */
export function assetOfText(assets: readonly Asset[]): (venue: Venue, text: string) => string | undefined {
  const bySeries = assetsBySeries(assets);
  const byName = new Map<string, string>();
  for (const { name, spot, indexId } of assets)
    for (const named of [indexId, ...Object.values(spot)]) if (named !== undefined) byName.set(named, name);
  return (venue, text) => {
    const named = NAMED.exec(text)?.[1];
    if (named === undefined) return undefined;
    return venue === EXCHANGE
      ? (bySeries.get(seriesOf(named))?.name ?? byName.get(named))
      : byName.get(named);
  };
}
