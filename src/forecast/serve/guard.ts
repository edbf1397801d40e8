import { DAY, type Micros } from '../../domain/time.ts';
import { qlike } from '../../maths/qlike.ts';

/** The rule by which the backbone takes over: see the manifest. */
export interface GuardRule {
  readonly spanDays: number;
  readonly leastOrigins: number;
  readonly worse: number;
  readonly better: number;
}

/** Whether the ensemble has earned its place lately. */
export interface Guard {
  /** Enters forecasts whose window has ended, both scaled, beside what came. Logs of variance per minute. */
  readonly complete: (
    completedAt: Micros,
    forecasts: { readonly ensemble: number; readonly backbone: number },
    logRealised: number,
  ) => void;
  /** QLIKE of the ensemble over that of the backbone, over the last days; NaN until enough has come true. */
  readonly ratio: () => number;
  /** True while the backbone forecasts alone. */
  readonly takenOver: () => boolean;
}

/**
 * A rolling comparison by UTC day, a day forgotten whole; hysteresis between `worse` and `better` keeps it
 * from flapping.
 */
export function guard({ spanDays, leastOrigins, worse, better }: GuardRule): Guard {
  const ensemble = new Float64Array(spanDays);
  const backbone = new Float64Array(spanDays);
  const counts = new Float64Array(spanDays);
  let today = Number.NEGATIVE_INFINITY;
  let over = false;
  const total = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0);
  const ratio = (): number => (total(counts) < leastOrigins ? Number.NaN : total(ensemble) / total(backbone));
  return {
    complete: (completedAt, forecasts, logRealised) => {
      const day = Math.floor(completedAt / DAY);
      for (let next = Math.max(today + 1, day - spanDays + 1); next <= day; next++) {
        const slot = ((next % spanDays) + spanDays) % spanDays;
        ensemble[slot] = 0;
        backbone[slot] = 0;
        counts[slot] = 0;
      }
      today = Math.max(today, day);
      const losses = [
        qlike(logRealised, forecasts.ensemble),
        qlike(logRealised, forecasts.backbone),
      ] as const;
      if (losses.some(Number.isNaN)) return;
      const slot = ((day % spanDays) + spanDays) % spanDays;
      ensemble[slot] = (ensemble[slot] as number) + losses[0];
      backbone[slot] = (backbone[slot] as number) + losses[1];
      counts[slot] = (counts[slot] as number) + 1;
      const now = ratio();
      if (now > worse) over = true;
      else if (now < better) over = false;
    },
    ratio,
    takenOver: () => over,
  };
}
