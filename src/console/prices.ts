import type { Asset } from '../domain/asset.ts';
import type { IndexValue, SpotTop } from '../domain/events/market.ts';
import type { SpotTrade } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import { type SpotVenue, spotVenueNames } from '../domain/venues.ts';
import type { RiskSettings } from '../risk/settings.ts';
import type { Draw } from './store.ts';

/** The last prices of each asset. */
export interface Prices {
  readonly index: (event: IndexValue) => void;
  readonly top: (event: SpotTop, asset: string) => void;
  readonly trade: (event: SpotTrade, asset: string) => void;
  readonly indexOf: (asset: string) => IndexValue | undefined;
  /** A second has ended at `at`: what is known in it becomes a point. */
  readonly second: (to: Draw, at: Micros) => void;
}

interface Row {
  readonly asset: string;
  /** The first spot venue that quotes it. */
  readonly venue: SpotVenue | undefined;
  index: IndexValue | undefined;
  middle: number;
  middleAt: Micros;
  trade: number;
  tradeAt: Micros;
}

/**
 * Keeps prices. A price that is older than the checks allow is left out of the points. The middle of the
 * first venue's book is the spot price; where no book comes, it is the last trade of any venue.
 */
export function prices(assets: readonly Asset[], limits: RiskSettings): Prices {
  const rows = new Map<string, Row>(
    assets.map(({ name, spot }) => [
      name,
      {
        asset: name,
        venue: spotVenueNames.find((venue) => spot[venue] !== undefined),
        index: undefined,
        middle: 0,
        middleAt: Number.NEGATIVE_INFINITY,
        trade: 0,
        tradeAt: Number.NEGATIVE_INFINITY,
      },
    ]),
  );
  const { spotMaxAgeMicros, indexMaxAgeMicros } = limits;
  return {
    index: (event) => {
      const row = rows.get(event.asset);
      if (row) row.index = event;
    },
    top: ({ venue, bid, ask, receivedAt }, asset) => {
      const row = rows.get(asset);
      if (!row || row.venue !== venue) return;
      row.middle = (bid + ask) / 2;
      row.middleAt = receivedAt;
    },
    trade: ({ price, receivedAt, replayed }, asset) => {
      const row = rows.get(asset);
      if (!row || replayed) return;
      row.trade = price;
      row.tradeAt = receivedAt;
    },
    indexOf: (asset) => rows.get(asset)?.index,
    second: (to, at) => {
      for (const { asset, index, middle, middleAt, trade, tradeAt } of rows.values()) {
        const indexDollars = index && at - index.receivedAt <= indexMaxAgeMicros ? index.value : null;
        const spotDollars =
          at - middleAt <= spotMaxAgeMicros ? middle : at - tradeAt <= spotMaxAgeMicros ? trade : null;
        if (indexDollars !== null || spotDollars !== null)
          to.push('prices', { asset, at, indexDollars, spotDollars });
      }
    },
  };
}
