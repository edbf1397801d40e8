import type { ForecastConfidence } from '../../domain/events/forecast.ts';
import { known } from '../../domain/known.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import type { MinuteRow } from '../../features/rows/minute-row.ts';
import { barFeatures } from '../../features/sets/bar-features.ts';
import type { Backbone } from '../backbone/backbone.ts';
import type { HarReading } from '../backbone/har-forecast.ts';
import type { Member, Quantiles } from '../members/member.ts';
import { memberInputs } from '../members/member-input.ts';
import { MEMBER_MINUTES, type ModelFold, type Models } from '../members/models-manifest.ts';
import { treeInput } from '../members/tree-input.ts';
import { type DriftReading, featureDrift } from './drift.ts';
import { guard } from './guard.ts';
import { type OnlineScale, onlineScale } from './online-scale.ts';
import { quantileBand } from './quantile-band.ts';

/** Names of the forecasters: the backbone, the members, and the ensemble of them. */
export const FORECASTERS = ['harX', 'lightgbm', 'patchtst', 'ensemble'] as const;
export type ForecasterName = (typeof FORECASTERS)[number];

/**
 * The ensemble's forecast at one origin. Logs of variance per minute by `MEMBER_MINUTES`, scaled to be right
 * on average.
 */
export interface EnsembleForecast {
  readonly at: Micros;
  /** The backbone's forecast at its own horizons. */
  readonly har: HarReading;
  /** NaN where a member abstained. */
  readonly logs: Readonly<Record<ForecasterName, Float64Array>>;
  /** The forecaster that is used: `harX` while the guard is active. */
  readonly leader: 'ensemble' | 'harX';
  /** Members that gave an answer. */
  readonly members: readonly Member['name'][];
  readonly confidence: ForecastConfidence;
  /**
   * Band in logs of variance per minute. Out of sample, four outcomes in five lay inside (`quantileBand`).
   * Absent while `harX` leads, if the fold has no constants for it, and if no member has quantiles.
   */
  readonly band?: Quantiles;
}

/**
 * One fold of models in use. It keeps each forecast until its outcome is known, so origins must come in
 * order.
 */
export interface Ensemble {
  readonly forecast: (row: MinuteRow) => Promise<EnsembleForecast>;
}

/** Forecasts are scored at every fifth minute, as in training; those in between overlap almost completely. */
const JUDGED = 5 * MINUTE;
const FIFTEEN = MEMBER_MINUTES.indexOf(15);
/** The disagreement and the drift at which confidence is halved. */
const HALVING = { disagreement: 0.35, outside: 0.1, drifted: 0.5 } as const;

interface Pending {
  readonly at: Micros;
  /** Forecasts before the online scale. */
  readonly raw: Readonly<Record<ForecasterName, Float64Array>>;
  readonly scaled: EnsembleForecast['logs'];
}

const VARIANCE_COLUMNS = MEMBER_MINUTES.map((minutes) =>
  barFeatures.findIndex(({ name }) => name === `variance${minutes}`),
);

const byForecaster = <T>(of: (name: ForecasterName) => T): Readonly<Record<ForecasterName, T>> => ({
  harX: of('harX'),
  lightgbm: of('lightgbm'),
  patchtst: of('patchtst'),
  ensemble: of('ensemble'),
});
const spread = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
};

/**
 * The backbone's log forecast plus the weighted corrections of the available members. It is scaled by past
 * outcomes (`onlineScale`) and watched (`guard`, `featureDrift`). Outcomes are read from the rows: the
 * realised variance of the last fifteen minutes is the target of the forecast made fifteen minutes ago.
 */
export function ensemble(
  { features, scale, guard: rule }: Pick<Models, 'features' | 'scale' | 'guard'>,
  fold: ModelFold,
  backbone: Backbone,
  members: readonly Member[],
): Ensemble {
  const inputOf = memberInputs(backbone);
  const horizons = MEMBER_MINUTES.map((minutes) => {
    const horizon = fold.horizons.find((each) => each.minutes === minutes);
    if (!horizon)
      throw new Error(`ensemble: ${fold.name} must have a horizon of ${minutes} minutes, had none`);
    return horizon;
  });
  const watch = guard(rule);
  const reads = features.map((name) => treeInput(name));
  const drift = featureDrift(
    features.map((name) => fold.ranges[name]),
    rule.psi,
  );
  const scalesOf = (name: ForecasterName): readonly OnlineScale[] =>
    horizons.map(({ logScale }) => onlineScale({ ...scale, priorLog: logScale[name] }));
  const scales = byForecaster(scalesOf);
  const bandOf = quantileBand(horizons);
  let pending: readonly Pending[] = [];
  let lastDrift: DriftReading = { outside: 0, drifted: 0 };

  /** Scores the forecast of `minutes` ago, whose outcome is now known. */
  const complete = ({ at, values }: MinuteRow): void => {
    if (at % JUDGED !== 0) return;
    for (const [h, minutes] of MEMBER_MINUTES.entries()) {
      const made = pending.find((each) => each.at === at - minutes * MINUTE);
      const realised = values[VARIANCE_COLUMNS[h] as number] as number;
      if (!made || Number.isNaN(realised)) continue;
      for (const name of FORECASTERS)
        (scales[name][h] as OnlineScale).complete(at, made.raw[name][h] as number, realised);
      watch.complete(
        at,
        { ensemble: made.scaled.ensemble[h] as number, backbone: made.scaled.harX[h] as number },
        realised,
      );
    }
    pending = pending.filter((each) => each.at > at - 60 * MINUTE);
  };
  return {
    forecast: async (row) => {
      complete(row);
      const input = inputOf(row);
      const judged = row.at % JUDGED === 0;
      if (judged)
        lastDrift = drift.read(
          row.at,
          reads.map((read) => read?.(input) ?? Number.NaN),
        );
      const { outside, drifted } = lastDrift;
      const answers = await Promise.all(members.map((member) => member.answer(input)));

      const raw = byForecaster(() => Float64Array.from(input.harX));
      for (const name of ['lightgbm', 'patchtst'] as const) {
        const answer = answers[members.findIndex((member) => member.name === name)];
        for (const [h, { weights }] of horizons.entries()) {
          const correction = answer?.corrections[h] ?? Number.NaN;
          raw[name][h] = (input.harX[h] as number) + correction;
          if (!Number.isNaN(correction))
            raw.ensemble[h] = (raw.ensemble[h] as number) + weights[name] * correction;
        }
      }
      const logs = byForecaster((name) =>
        raw[name].map((value, h) => value + (scales[name][h] as OnlineScale).log()),
      );
      if (judged) pending = [...pending, { at: row.at, raw, scaled: logs }];

      const disagreement = spread(
        (['harX', 'lightgbm', 'patchtst'] as const).map((name) => logs[name][FIFTEEN] as number),
      );
      const qlikeRatio = watch.ratio();
      const leader = watch.takenOver() ? 'harX' : 'ensemble';
      const quantiles = answers.find((answer) => answer?.quantiles)?.quantiles;
      return {
        at: row.at,
        har: input.har,
        logs,
        leader,
        members: members.filter((_, i) => answers[i] !== undefined).map(({ name }) => name),
        confidence: {
          disagreement,
          outside,
          drifted,
          qlikeRatio: known(qlikeRatio),
          value:
            2 ** -(disagreement / HALVING.disagreement) *
            2 ** -(outside / HALVING.outside) *
            2 ** -(drifted / HALVING.drifted) *
            Math.min(1, Number.isNaN(qlikeRatio) ? 1 : 1 / qlikeRatio),
        },
        ...(bandOf && quantiles && leader === 'ensemble' && { band: bandOf(input.harX, quantiles) }),
      };
    },
  };
}
