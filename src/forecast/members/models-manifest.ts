import { z } from 'zod';
import { MILLISECOND, type Micros } from '../../domain/time.ts';

/** Horizons of the trained members, in minutes. The backbone also has 120. */
export const MEMBER_MINUTES = [5, 15, 30, 60] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
const artefact = z.strictObject({ file: z.string().min(1), sha256 });
const log = z.number().min(-5).max(5);

const horizon = z.strictObject({
  minutes: z.union(MEMBER_MINUTES.map((minutes) => z.literal(minutes))),
  /**
   * Share of each member's correction that is added to the backbone's log forecast; fitted on windows after
   * the training of the members.
   */
  weights: z.strictObject({ lightgbm: z.number().min(0).max(1), patchtst: z.number().min(0).max(1) }),
  /**
   * Logs of the constants that make each forecast right on average (Jensen): online scales start from them.
   */
  logScale: z.strictObject({ harX: log, lightgbm: log, patchtst: log, ensemble: log }),
  /**
   * Log of E[move²] / E[realised variance]: maps variance of one-minute returns to that of the moves that
   * settle.
   */
  logSettle: log,
  /** Law of moves standardised by the ensemble's deviation. */
  nu: z.number().min(2.01),
  tScale: z.number().positive(),
  /**
   * Added to the trees' 10 % and 90 % quantiles of log realised variance. With it, one outcome in ten lay
   * below the band and one above, out of sample, on the span that the weights were fitted on:
   * split-conformal, each end by itself (Romano, Patterson, Candès 2019, "Conformalized Quantile Regression",
   * NeurIPS). Without it no band is served.
   */
  band: z.strictObject({ low: log, high: log }).optional(),
  /** QLIKE of each forecaster on the window of this fit, with its own best constant. */
  calibration: z.record(z.string(), z.number()).optional(),
});

const fold = z.strictObject({
  name: z.string().min(1),
  /** Nothing in this fold, calibration included, used a bar at or after this time. */
  trainedUntil: instant,
  backbone: artefact,
  /** Trees for the log corrections and, where the horizons have a `band`, for its quantiles: one graph. */
  lightgbm: artefact,
  patchtst: artefact.optional(),
  /** The same model's weights as safetensors, for runtimes that do not read ONNX. */
  patchtstWeights: artefact.optional(),
  horizons: z
    .array(horizon)
    .length(MEMBER_MINUTES.length)
    .refine((all) => MEMBER_MINUTES.every((each) => all.some(({ minutes }) => minutes === each)), {
      error: `must be the horizons ${MEMBER_MINUTES.join(', ')} minutes, each once`,
    })
    .refine((all) => new Set(all.map(({ band }) => band === undefined)).size === 1, {
      error: 'must have a band at every horizon or at none',
    }),
  /**
   * By feature: the nine edges of the training rows' deciles, and the edges of the outermost 0.1 %. Features
   * of the calendar, and those that look back further than a day, have none.
   */
  ranges: z.record(
    z.string(),
    z.strictObject({ low: z.number(), high: z.number(), deciles: z.array(z.number()).length(9) }),
  ),
});

/**
 * The manifest of the trained models: artefacts by sha256, the features they read, and how they are combined.
 * Folds are whole sets of models trained until different dates, oldest first. The newest fold whose training
 * ended before a forecast makes it.
 */
export const modelsSchema = z.strictObject({
  kind: z.literal('models'),
  version: z.literal(1),
  /** Name of its asset; it forecasts no other. */
  asset: z.string().min(1),
  /** LightGBM's inputs in order. */
  features: z.array(z.string().min(1)).min(1),
  featuresSha256: sha256,
  /** PatchTST's channels in order. */
  channels: z.array(z.string().min(1)),
  /**
   * Inputs of the trees that PatchTST's head reads in addition to its window, in order; `a-b` is a difference
   * of two.
   */
  statics: z.array(z.string().min(1)),
  commit: z.string(),
  data: z.record(z.string(), sha256),
  /**
   * Online scales: the days of completed targets that they use, and the weight of the fitted scale as a
   * number of completed targets.
   */
  scale: z.strictObject({ spanDays: z.int().positive(), priorWeight: z.number().nonnegative() }),
  /**
   * The backbone leads once the ensemble's QLIKE over the last days is above `worse` times the backbone's,
   * until it is below `better` times.
   */
  guard: z.strictObject({
    spanDays: z.int().positive(),
    leastOrigins: z.int().positive(),
    worse: z.number().min(1),
    better: z.number().positive().max(1),
    /** Population stability index above which a feature counts as drifted. */
    psi: z.number().positive(),
  }),
  folds: z.array(fold).min(1),
  scores: z.unknown().optional(),
});

/** Trained models, defaults filled in. */
export type Models = z.infer<typeof modelsSchema>;

/** One set of models. */
export type ModelFold = Models['folds'][number];

/** The time at which a fold's training data end. */
const ended = ({ trainedUntil }: Pick<ModelFold, 'trainedUntil'>): Micros =>
  Date.parse(trainedUntil) * MILLISECOND;

/**
 * The newest fold whose training ended at or before `at`, in any order of listing; undefined if all were
 * trained on later data.
 */
export const foldAt = (models: Pick<Models, 'folds'>, at: Micros): ModelFold | undefined =>
  models.folds
    .filter((each) => ended(each) <= at)
    .reduce<ModelFold | undefined>(
      (newest, each) => (newest && ended(newest) > ended(each) ? newest : each),
      undefined,
    );
