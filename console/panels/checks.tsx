import type { JSX } from 'preact';
import { checkTitle } from '../../src/risk/check-title.ts';
import type { CheckWorth } from '../../src/risk/checks-worth.ts';
import { Calm } from '../charts/calm.tsx';
import { plain, signedCents } from '../charts/figures.ts';
import { linearScale } from '../charts/scale.ts';
import { checkVerdict } from './check-verdict.ts';

export interface ChecksProps {
  readonly checks: readonly CheckWorth[];
  /** Shows the decisions that a check refused. */
  readonly onPick?: (check: string) => void;
}

const WIDTH = 144;
const MIDDLE = 8;
const LOOK = { waiting: '', open: '', cost: 'is-bad', saved: 'is-good' } as const;

const centsOf = (value: number | null): string => (value === null ? '–' : signedCents(100 * value));

function Interval({ worth, widest }: { readonly worth: CheckWorth; readonly widest: number }): JSX.Element {
  const { wouldDollars, lowDollars, highDollars } = worth;
  const x = linearScale([-widest, widest], [6, WIDTH - 6]);
  return (
    <svg
      class={`interval ${LOOK[checkVerdict(worth).kind]}`}
      viewBox={`0 0 ${WIDTH} ${2 * MIDDLE}`}
      aria-hidden="true"
      focusable="false"
    >
      <path class="zero" d={`M${WIDTH / 2} 1V${2 * MIDDLE - 1}`} />
      {lowDollars !== null && highDollars !== null && (
        <path class="reach" d={`M${x(lowDollars).toFixed(1)} ${MIDDLE}H${x(highDollars).toFixed(1)}`} />
      )}
      {wouldDollars !== null && <circle class="middle" cx={x(wouldDollars)} cy={MIDDLE} r="3.5" />}
    </svg>
  );
}

/** What each check refused, and what the refused orders would have made once settled: a profit is what it cost. */
export function Checks({ checks, onPick }: ChecksProps): JSX.Element {
  if (checks.length === 0) return <Calm size="short">No check has refused anything yet.</Calm>;
  const sorted = [...checks].sort((a, b) => b.refused - a.refused || (a.check < b.check ? -1 : 1));
  const widest = Math.max(
    0.001,
    ...checks.flatMap(({ wouldDollars, lowDollars, highDollars }) =>
      [wouldDollars, lowDollars, highDollars].map((value) => Math.abs(value ?? 0)),
    ),
  );
  const told = checks.map((worth) => checkVerdict(worth).kind);
  const count = (kind: (typeof told)[number]): number => told.filter((one) => one === kind).length;
  return (
    <>
      <p class="chart-note">
        {`Had each refused order been filled at its limit and held to the result: ${count('saved')} checks saved money, ` +
          `${count('cost')} cost money, ${count('open')} cover zero, ${count('waiting')} wait for results. ` +
          'Intervals are at 95 %.'}
      </p>
      <div class="numbers-scroll">
        <table class="numbers numbers-told">
          <caption class="unseen">What each check refused, and what that cost or saved</caption>
          <thead>
            <tr>
              <th scope="col" class="to-start">
                check
              </th>
              <th scope="col">refused</th>
              <th scope="col">settled</th>
              <th scope="col">would have made, a contract</th>
              <th scope="col" class="wide-only">
                interval
              </th>
              <th scope="col" class="to-start">
                lost · 0 · earned
              </th>
              <th scope="col" class="words">
                so the check
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((worth) => {
              const verdict = checkVerdict(worth);
              return (
                <tr key={worth.check}>
                  <th scope="row">
                    {onPick === undefined ? (
                      checkTitle(worth.check)
                    ) : (
                      <button type="button" onClick={() => onPick(worth.check)}>
                        {checkTitle(worth.check)}
                      </button>
                    )}
                  </th>
                  <td data-name="refused">{plain(worth.refused)}</td>
                  <td data-name="settled">{plain(worth.settled)}</td>
                  <td>{centsOf(worth.wouldDollars)}</td>
                  <td class="is-soft wide-only">
                    {worth.lowDollars === null
                      ? '–'
                      : `${centsOf(worth.lowDollars)} … ${centsOf(worth.highDollars)}`}
                  </td>
                  <td>
                    <Interval worth={worth} widest={widest} />
                  </td>
                  <td
                    class={`words ${verdict.kind === 'cost' || verdict.kind === 'saved' ? LOOK[verdict.kind] : 'is-soft'}`}
                  >
                    {verdict.words}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
