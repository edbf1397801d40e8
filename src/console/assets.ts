import type { Asset } from '../domain/asset.ts';
import type { FeatureRow } from '../domain/events/features.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { barFeatures } from '../features/sets/bar-features.ts';
import { annualisedVolatility } from '../maths/annualised-volatility.ts';
import { coneOf } from './cone.ts';
import type { ImpliedVolatility } from './implied.ts';
import type { Prices } from './prices.ts';
import type { AssetView, Volatilities } from './state.ts';
import type { Draw } from './store.ts';

/** What is forecast and measured of each asset. */
export interface Assets {
  readonly forecast: (event: Forecast) => void;
  readonly row: (event: FeatureRow) => void;
  /** The index of an asset has changed. */
  readonly touch: (asset: string) => void;
  /** The minute that ends at `at` is over. */
  readonly minute: (to: Draw, at: Micros) => void;
  readonly draw: (to: Draw, at: Micros) => void;
}

interface Row {
  readonly asset: string;
  forecast: Forecast | undefined;
  realised: number | null;
  /** Null until it was read, and where the quotes give none; read once a second. */
  implied: number | null;
  impliedAt: Micros;
  dirty: boolean;
}

const HOUR_MINUTES = 60;
const HOUR_VARIANCE = barFeatures.findIndex(({ name }) => name === `variance${HOUR_MINUTES}`);

const yearly = (logVariance: number | undefined): number | null =>
  logVariance === undefined ? null : annualisedVolatility(logVariance, HOUR_MINUTES);

const volatilitiesOf = ({ forecast, realised, implied }: Row): Volatilities => {
  const hour = forecast?.horizons.find(({ minutes }) => minutes === HOUR_MINUTES);
  return {
    forecast: forecast?.annualisedVolatility ?? null,
    low: yearly(hour?.lowLogVariance),
    high: yearly(hour?.highLogVariance),
    implied,
    realised,
  };
};

/** Keeps the views of all assets. */
export function assetViews(assets: readonly Asset[], prices: Prices, implied: ImpliedVolatility): Assets {
  const rows = new Map<string, Row>(
    assets.map(({ name }) => [
      name,
      {
        asset: name,
        forecast: undefined,
        realised: null,
        implied: null,
        impliedAt: Number.NEGATIVE_INFINITY,
        dirty: true,
      },
    ]),
  );
  const touch = (asset: string): void => {
    const row = rows.get(asset);
    if (row) row.dirty = true;
  };
  const readImplied = (row: Row, at: Micros): void => {
    if (at - row.impliedAt < SECOND) return;
    row.impliedAt = at;
    const now = implied.read(row.asset, prices.indexOf(row.asset), at);
    if (now === row.implied) return;
    row.implied = now;
    row.dirty = true;
  };
  const viewOf = (row: Row): AssetView => {
    const { asset, forecast } = row;
    const index = prices.indexOf(asset);
    return {
      asset,
      indexDollars: index?.value ?? null,
      indexSource: index?.source ?? null,
      indexAt: index?.at ?? null,
      volatilities: volatilitiesOf(row),
      confidence: forecast?.confidence?.value ?? null,
      model: forecast?.model ?? null,
      drift: forecast?.confidence ?? null,
      cone: index && forecast ? coneOf(index, forecast) : [],
    };
  };
  return {
    forecast: (event) => {
      const row = rows.get(event.asset);
      if (!row) return;
      row.forecast = event;
      row.dirty = true;
    },
    row: ({ asset, values }) => {
      const row = rows.get(asset);
      if (!row) return;
      const logMean = values[HOUR_VARIANCE] ?? null;
      row.realised =
        logMean === null ? null : annualisedVolatility(logMean + Math.log(HOUR_MINUTES), HOUR_MINUTES);
      row.dirty = true;
    },
    touch,
    minute: (to, at) => {
      for (const row of rows.values()) {
        if (!row.forecast && row.realised === null) continue;
        readImplied(row, at);
        to.push('volatilities', { asset: row.asset, at, ...volatilitiesOf(row) });
      }
    },
    draw: (to, at) => {
      for (const row of rows.values()) {
        readImplied(row, at);
        if (!row.dirty) continue;
        row.dirty = false;
        to.entry('assets', row.asset, viewOf(row));
      }
    },
  };
}
