import type { Asset } from '../domain/asset.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { Micros } from '../domain/time.ts';
import { annualisedVolatility } from '../maths/annualised-volatility.ts';
import type { Prices } from './prices.ts';
import type { AssetView, Volatilities } from './state.ts';
import type { Draw } from './store.ts';

/** What is forecast and measured of each asset. */
export interface Assets {
  readonly forecast: (event: Forecast) => void;
  /** The index of an asset has changed. */
  readonly touch: (asset: string) => void;
  /** The minute that ends at `at` is over. */
  readonly minute: (to: Draw, at: Micros) => void;
  readonly draw: (to: Draw) => void;
}

interface Row {
  readonly asset: string;
  forecast: Forecast | undefined;
  dirty: boolean;
}

const HOUR_MINUTES = 60;

const volatilitiesOf = (forecast: Forecast | undefined): Volatilities => {
  const hour = forecast?.horizons.find(({ minutes }) => minutes === HOUR_MINUTES);
  const yearly = (log: number | undefined): number | null =>
    log === undefined ? null : annualisedVolatility(log, HOUR_MINUTES);
  return {
    forecast: forecast?.annualisedVolatility ?? null,
    low: yearly(hour?.lowLogVariance),
    high: yearly(hour?.highLogVariance),
    implied: null,
    realised: null,
  };
};

/** Keeps the views of all assets. */
export function assetViews(assets: readonly Asset[], prices: Prices): Assets {
  const rows = new Map<string, Row>(
    assets.map(({ name }) => [name, { asset: name, forecast: undefined, dirty: true }]),
  );
  const touch = (asset: string): void => {
    const row = rows.get(asset);
    if (row) row.dirty = true;
  };
  const viewOf = ({ asset, forecast }: Row): AssetView => {
    const index = prices.indexOf(asset);
    return {
      asset,
      indexDollars: index?.value ?? null,
      indexSource: index?.source ?? null,
      indexAt: index?.at ?? null,
      volatilities: volatilitiesOf(forecast),
      confidence: forecast?.confidence?.value ?? null,
      model: forecast?.model ?? null,
      cone: [],
    };
  };
  return {
    forecast: (event) => {
      const row = rows.get(event.asset);
      if (!row) return;
      row.forecast = event;
      row.dirty = true;
    },
    touch,
    minute: (to, at) => {
      for (const { asset, forecast } of rows.values())
        if (forecast) to.push('volatilities', { asset, at, ...volatilitiesOf(forecast) });
    },
    draw: (to) => {
      for (const row of rows.values()) {
        if (!row.dirty) continue;
        row.dirty = false;
        to.entry('assets', row.asset, viewOf(row));
      }
    },
  };
}
