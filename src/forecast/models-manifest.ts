import { z } from 'zod';
import { MILLISECOND, type Micros } from '../domain/time.ts';

/** Minutes that the trained members forecast; the backbone has 120 beside them. */
export const MEMBER_MINUTES = [5, 15, 30, 60] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
const artefact = z.strictObject({ file: z.string().min(1), sha256 });
const log = z.number().min(-5).max(5);

const horizon = z.strictObject({
  minutes: z.union(MEMBER_MINUTES.map((minutes) => z.literal(minutes))),
  /** Share of each member's correction that is added to the backbone's log forecast; fitted on windows after those that trained them. */
  weights: z.strictObject({ lightgbm: z.number().min(0).max(1), patchtst: z.number().min(0).max(1) }),
  /** Logs of the constants that make each forecast right on average (Jensen): what online scales begin with. */
  logScale: z.strictObject({ harX: log, lightgbm: log, patchtst: log, ensemble: log }),
  /** Log of E[move²] / E[realised variance]: maps variance of one-minute returns to that of the moves that settle. */
  logSettle: log,
  /** Law of moves standardised by the ensemble's deviation. */
  nu: z.number().min(2.01),
  tScale: z.number().positive(),
  /**
   * Added to the trees' 10 % and 90 % quantiles of log realised variance, so that out of sample, on the span that the weights are of, one outcome in ten lay below and
   * one above: split-conformal, an end at a time (Romano, Patterson, Candès 2019, "Conformalized Quantile Regression", NeurIPS). Without it no band is served.
   */
  band: z.strictObject({ low: log, high: log }).optional(),
  /** QLIKE of each forecaster on the window that this was fitted on, by its own best constant. */
  calibration: z.record(z.string(), z.number()).optional(),
});

const fold = z.strictObject({
  name: z.string().min(1),
  /** No bar at or after this had a part in anything of this fold, calibration included. */
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
  /** Edges of the training rows' deciles by feature, nine each, and their outermost 0.1 %; the calendar has none, nor what looks back further than a day. */
  ranges: z.record(
    z.string(),
    z.strictObject({ low: z.number(), high: z.number(), deciles: z.array(z.number()).length(9) }),
  ),
});

/**
 * What the trained models are: artefacts by sha256, the features they read, and how they are put together. Folds are whole sets of models trained until
 * different dates, oldest first: a forecast is made by the newest whose training ended before it.
 */
export const modelsSchema = z.strictObject({
  kind: z.literal('models'),
  version: z.literal(1),
  /** LightGBM's inputs in order. */
  features: z.array(z.string().min(1)).min(1),
  featuresSha256: sha256,
  /** PatchTST's channels in order. */
  channels: z.array(z.string().min(1)),
  /** Inputs of the trees that PatchTST's head knows beside its window, in order; `a-b` is their difference. */
  statics: z.array(z.string().min(1)),
  commit: z.string(),
  data: z.record(z.string(), sha256),
  /** Online scales: days of completed targets, and how many completed targets the fitted scale counts for. */
  scale: z.strictObject({ spanDays: z.int().positive(), priorWeight: z.number().nonnegative() }),
  /** The backbone takes over when the ensemble's QLIKE over the last days is above `worse` times the backbone's, and hands back below `better`. */
  guard: z.strictObject({
    spanDays: z.int().positive(),
    leastOrigins: z.int().positive(),
    worse: z.number().min(1),
    better: z.number().positive().max(1),
    /** Population stability index above which a feature has drifted. */
    psi: z.number().positive(),
  }),
  folds: z.array(fold).min(1),
  scores: z.unknown().optional(),
});

/** Trained models, defaults filled in. */
export type Models = z.infer<typeof modelsSchema>;

/** One set of models. */
export type ModelFold = Models['folds'][number];

/** When a fold had last seen anything. */
const ended = ({ trainedUntil }: Pick<ModelFold, 'trainedUntil'>): Micros =>
  Date.parse(trainedUntil) * MILLISECOND;

/** The newest fold whose training ended at or before `at`, in whatever order they are listed; undefined if all saw later data. */
export const foldAt = (models: Pick<Models, 'folds'>, at: Micros): ModelFold | undefined =>
  models.folds
    .filter((each) => ended(each) <= at)
    .reduce<ModelFold | undefined>(
      (newest, each) => (newest && ended(newest) > ended(each) ? newest : each),
      undefined,
    );
