import type { RunReport } from '../../../pipelines/research/report-run.ts';
import type { Markout } from '../../research/score/markouts.ts';
import type { LossRow } from '../../research/score/score-quotes.ts';
import { calibrationChart, intervalChart } from './chart.ts';
import { type Html, html, table } from './html.ts';
import { section } from './page.ts';
import { cents, fixed, whole } from './words.ts';

const WAYS = ['model', 'mid', 'blend'] as const;

const lossCells = (name: string, row: LossRow): readonly (string | undefined)[] => [
  name,
  whole(row.markets),
  whole(row.closes),
  whole(row.rows),
  ...WAYS.map((way) => fixed(row.logLoss[way], 4)),
  fixed(row.blendMinusMid, 4),
  fixed(row.standardError, 4),
  fixed(row.standardErrorByDay, 4),
];
const LOSS_HEAD = ['', 'markets', 'closes', 'quotes', ...WAYS, 'blend − mid', 's.e.', 's.e. by day'];

const marked = ({ mean, standardError, fills }: Markout): string | undefined =>
  fills === 0 ? undefined : `${cents(mean)}${standardError > 0 ? ` ± ${cents(standardError)}` : ''}`;

/** Model against market: log-loss, calibration, weight, and what fills were worth later. */
export function scoreSections({ score, leftOut }: RunReport): readonly Html[] {
  const left = Object.entries(leftOut).map(([why, count]) => [why, whole(count)]);
  if (!score)
    return [
      section(
        'Model against market',
        html`<p>No contract that the run priced has settled, so nothing can be scored.</p>`,
        table(['left out', 'minutes'], left),
      ),
    ];
  const { calibration, weight, buckets, bands, overall, markouts } = score;
  const named = buckets.map((row) => ({
    name: `${row.fromMinutes} to ${row.toMinutes} min to the close`,
    row,
  }));
  return [
    section(
      'Model against market',
      html`<p>Log-loss of model, middle of the book, and the blend that the run traded on; each close counts once. Less is better.</p>`,
      intervalChart(
        [...named, { name: 'all', row: overall }].map(({ name, row }) => ({
          name,
          value: row.blendMinusMid,
          low: row.standardError > 0 ? row.blendMinusMid - 2 * row.standardError : null,
          high: row.standardError > 0 ? row.blendMinusMid + 2 * row.standardError : null,
        })),
        'log-loss of the blend less that of the mid',
        `Blend less mid over all: ${fixed(overall.blendMinusMid, 4)}`,
        'Left of the line the blend is better than the market. Bars are two standard errors, clustered by close.',
      ),
      table(LOSS_HEAD, [...named.map(({ name, row }) => lossCells(name, row)), lossCells('all', overall)]),
      table(
        ['middle of the book', ...LOSS_HEAD.slice(1)],
        bands.map((row) => lossCells(`${row.from} to ${row.to}`, row)),
      ),
      html`<p>Weight of the model that these quotes would choose: ${fixed(weight.value, 3)}, s.e. ${fixed(weight.standardError, 3) ?? 'not known'} by close and ${fixed(weight.standardErrorByDay, 3) ?? 'not known'} by day. An advantage of ${score.advantage} in log-loss needs about ${whole(score.marketsNeeded) ?? 'an unknown number of'} closes to be seen at two standard errors; ${whole(score.closes)} are here.</p>`,
      table(['left out of the score', 'minutes'], left),
    ),
    section(
      'Calibration',
      calibrationChart(
        WAYS.map((name) => ({
          name,
          points: calibration[name].bins.map(
            ({ meanProbability, shareYes }) => [meanProbability, shareYes] as const,
          ),
        })),
        'Share of YES by the probability that was given',
        'On the dashed line a probability of 30 % came true in 30 %. Few closes make few independent points.',
      ),
      table(
        ['', 'slope (1 is right)', 'intercept', 'ECE', 'Brier'],
        WAYS.map((name) => {
          const { slope, intercept, ece, brier } = calibration[name];
          return [name, fixed(slope, 3), fixed(intercept, 3), fixed(ece, 4), fixed(brier, 4)];
        }),
      ),
    ),
    section(
      'What fills were worth later',
      html`<p>Of one contract before fees, ± one standard error by close; below zero the market knew more than the order.</p>`,
      table(
        ['', 'fills', 'contracts', '1 s', '5 s', '30 s', '60 s', 'settlement', 'after fees'],
        markouts.map(
          ({
            tactic,
            side,
            fromMinutes,
            toMinutes,
            fills,
            contracts,
            seconds,
            settlement,
            settlementAfterFees,
          }) => [
            `${tactic} ${side === 'bid' ? 'YES' : 'NO'}, ${fromMinutes} to ${toMinutes} min`,
            whole(fills),
            whole(contracts),
            ...[...Object.values(seconds), settlement, settlementAfterFees].map(marked),
          ],
        ),
      ),
    ),
  ];
}
