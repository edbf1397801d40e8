import type { JSX } from 'preact';
import type { LiveScore } from '../../src/research/score/live-score.ts';
import { Calm } from '../charts/calm.tsx';

const shown = (value: number | null, decimals: number): string =>
  value === null ? '–' : value.toFixed(decimals).replace('-', '−');

/** Model, middle of the book and blend against what has settled, and what may be concluded of it. */
export function Score({ score }: { readonly score: LiveScore | null }): JSX.Element {
  if (!score) return <Calm size="short">No contract that was decided on has settled yet.</Calm>;
  const { sentence, closes, rows, forgotten, logLoss, slope, brier, weight, weightError } = score;
  const older = forgotten > 0 ? `; ${forgotten} older closes are no longer counted` : '';
  return (
    <>
      <p class="chart-note">{sentence}</p>
      <div class="numbers-scroll">
        <table class="numbers">
          <caption class="unseen">How good the probabilities of model, market and blend were</caption>
          <thead>
            <tr>
              {['probability of', 'log-loss', 'Brier', 'slope'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['model', 'mid', 'blend'] as const).map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{shown(logLoss[name], 4)}</td>
                <td>{shown(brier[name], 4)}</td>
                <td>{shown(slope[name], 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="chart-note">
        {`${rows} decisions on ${closes} closes${older}. The weight of the model that would have been best is ${shown(weight, 2)} ± ${shown(weightError, 2)}.`}
      </p>
    </>
  );
}
