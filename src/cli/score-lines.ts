import type { ScoreReport } from '../../pipelines/research/score.ts';
import type { RunScore } from '../../pipelines/research/score-run.ts';
import type { TwinScore } from '../../pipelines/research/score-twin.ts';
import type { Markout } from '../research/score/markouts.ts';
import type { PairedScore } from '../research/score/paired.ts';
import type { LossRow, QuoteScore } from '../research/score/score-quotes.ts';
import type { TwinErrors } from '../research/score/twin-errors.ts';

const WIDTHS = [14, 8, 8, 9, 9, 9, 11, 9, 9];
const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0))).join(' ');
const HEAD = line([
  'to the close',
  'markets',
  'rows',
  'model',
  'mid',
  'blend',
  'blend−mid',
  's.e.',
  'by day',
]);
const lossLine = (name: string, row: LossRow): string =>
  line([
    name,
    String(row.markets),
    String(row.rows),
    ...[row.logLoss.model, row.logLoss.mid, row.logLoss.blend].map((loss) => loss.toFixed(5)),
    ...[row.blendMinusMid, row.standardError, row.standardErrorByDay].map((value) => value.toFixed(5)),
  ]);

type Scored = QuoteScore & Pick<ScoreReport, 'from' | 'to' | 'leftOut'>;

/** A score's lines for people. */
export const scoreLines = (report: Scored, models: readonly string[]): readonly string[] => [
  report.sentence,
  '',
  `${report.markets} markets of ${report.closes} closes, ${report.rows} quotes, ${report.days} days, ${report.from} to ${report.to}`,
  ...models,
  `weight      ${report.weight.value.toFixed(3)} of the model in the blend: s.e. ${report.weight.standardError.toFixed(3)} by close, ${report.weight.standardErrorByDay.toFixed(3)} by day`,
  ...(['model', 'mid', 'blend'] as const).map((name) => {
    const { slope, ece, brier } = report.calibration[name];
    return `${name.padEnd(12)}calibration slope ${slope.toFixed(3)}, ECE ${ece.toFixed(4)}, Brier ${brier.toFixed(5)}`;
  }),
  '',
  HEAD,
  ...report.buckets.map((row) => lossLine(`${row.fromMinutes} to ${row.toMinutes} min`, row)),
  lossLine('all', report.overall),
  '',
  line([
    'mid',
    ...HEAD.trim()
      .split(/\s{2,}/)
      .slice(1),
  ]),
  ...report.bands.map((row) => lossLine(`${row.from} to ${row.to}`, row)),
  '',
  ...Object.entries(report.leftOut).map(([why, count]) => `left out    ${count}: ${why}`),
];

const cents = ({ mean, standardError, fills }: Markout): string =>
  fills === 0
    ? '–'
    : `${(100 * mean).toFixed(2)}${standardError > 0 ? ` ± ${(100 * standardError).toFixed(2)}` : ''}`;

/** What a run's fills were worth later. */
export const markoutLines = ({ markouts, openFills }: RunScore): readonly string[] => [
  '',
  ...(markouts.length === 0
    ? ['fills       none, so there is no markout']
    : [
        `fills       cents a contract, mean ± 1 s.e. by close: before fees after 1, 5, 30 and 60 s and at settlement, then after fees; ${openFills} not settled`,
        ...markouts.map(
          ({ tactic, side, fromMinutes, toMinutes, fills, seconds, settlement, settlementAfterFees }) =>
            [
              `${tactic} ${side === 'bid' ? 'YES' : 'NO'}, ${fromMinutes} to ${toMinutes} min`.padEnd(24),
              String(fills).padStart(6),
              ...[...Object.values(seconds), settlement, settlementAfterFees].map((each) =>
                cents(each).padStart(14),
              ),
            ].join(' '),
        ),
      ]),
];

/** Two runs held against each other. */
export const pairedLines = ({ sentence, rows, closes, unpaired, model, blend }: PairedScore) => [
  sentence,
  '',
  `${rows} minutes of ${closes} closes in both runs; ${unpaired[0]} only in the first, ${unpaired[1]} only in the second`,
  ...Object.entries({ model, blend }).map(
    ([name, { mean, standardError }]) =>
      `${name.padEnd(8)}${mean.toFixed(5)} in log-loss, first minus second, s.e. ${standardError.toFixed(5)}`,
  ),
];

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const twinLine = (name: string, errors: TwinErrors): string =>
  `${name.padEnd(20)}rms ${errors.rmsBasisPoints.toFixed(2)} bp, mean ${errors.meanBasisPoints.toFixed(2)} bp, stated ${errors.statedBasisPoints.toFixed(2)} bp; within one and two stated errors ${percent(errors.withinOne)} and ${percent(errors.withinTwo)} (68 and 95 wanted); one error tells the next one by ${errors.successive.toFixed(2)}`;

/** The twin against settlements. */
export const twinLines = ({ from, to, learning, without, squaredDifference }: TwinScore) => [
  `${learning.closes} closes, ${from} to ${to}; the first one is left out, as nothing can teach before it`,
  twinLine('with settlements', learning),
  twinLine('without', without),
  `squared error       ${squaredDifference.mean.toFixed(2)} bp² with minus without, s.e. ${squaredDifference.standardError.toFixed(2)}`,
];
