import { known } from '../domain/known.ts';
import { type ForecastJudge, judgeForecasts } from './judge-forecasts.ts';

/** How good one member's forecasts of one horizon were in one month and one regime. */
export interface ForecastScore {
  readonly asset: string;
  readonly minutes: number;
  readonly member: string;
  /** `2026-05`, UTC. */
  readonly month: string;
  readonly regime: Regime;
  readonly count: number;
  readonly qlike: number | null;
  /** Mean QLIKE divided by that of `harX` over the same minutes; null where that is not known. */
  readonly ratio: number | null;
  /** Share of outcomes in the 10-90 % band; null without one. */
  readonly coverage: number | null;
}

/** By the volatility that was forecast, so that it was known beforehand. */
export type Regime = 'calm' | 'usual' | 'wild';

const CALM = 0.25;
const WILD = 0.5;
const MINUTES_A_YEAR = 525_600;

const regimeOf = (logVariance: number): Regime => {
  const volatility = Math.sqrt(Math.exp(logVariance) * MINUTES_A_YEAR);
  return volatility < CALM ? 'calm' : volatility < WILD ? 'usual' : 'wild';
};

/**
 * Keeps a run's judged forecasts as sums by month and regime: a yearly volatility that was forecast below 25 % is
 * calm, from 50 % it is wild. Its size grows with months alone.
 */
export function forecastRecord(): ForecastJudge & { readonly read: () => readonly ForecastScore[] } {
  const sums = new Map<
    string,
    Pick<ForecastScore, 'asset' | 'minutes' | 'member' | 'month' | 'regime'> & {
      count: number;
      loss: number;
      both: number;
      baseline: number;
      banded: number;
      inside: number;
    }
  >();
  return {
    ...judgeForecasts(({ asset, minutes, member, at, loss, baseline, inside, logVariance }) => {
      const month = new Date(at / 1_000).toISOString().slice(0, 7);
      const regime = regimeOf(logVariance);
      const key = `${asset} ${minutes} ${member} ${month} ${regime}`;
      const own = sums.get(key) ?? {
        ...{ asset, minutes, member, month, regime },
        ...{ count: 0, loss: 0, both: 0, baseline: 0, banded: 0, inside: 0 },
      };
      sums.set(key, own);
      own.count++;
      own.loss += loss;
      if (!Number.isNaN(baseline)) {
        own.both += loss;
        own.baseline += baseline;
      }
      if (inside !== undefined) own.banded++;
      if (inside) own.inside++;
    }),
    read: () =>
      [...sums.values()].map(({ loss, both, baseline, banded, inside, ...own }) => ({
        ...own,
        qlike: known(loss / own.count),
        ratio: known(both / baseline),
        coverage: banded === 0 ? null : inside / banded,
      })),
  };
}
