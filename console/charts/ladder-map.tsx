import { Fragment, type JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { ContractView } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { Calm } from './calm.tsx';
import { STRONGEST } from './cell-step.ts';
import { dollars, plain, signedCents } from './figures.ts';
import { type LadderCell, ladderGrid } from './ladder-grid.ts';
import { ladderWords } from './ladder-words.ts';

export interface LadderMapProps {
  readonly contracts: readonly ContractView[];
  readonly indexDollars: number | null;
  readonly at: number;
  /** Opens a contract. */
  readonly onPick?: (ticker: string) => void;
}

/** What fits a screen beside the other panels. */
const MOST = { strikes: 15, closes: 8 };

const classOf = (step: number): string =>
  step === 0 ? 'heat-0' : step > 0 ? `heat-over-${step}` : `heat-under-${-step}`;

const wordsOf = (cell: LadderCell, label: string, close: string): string =>
  `${label} at ${close}: ${cell.cents === null ? 'fair or book not known' : `fair ${signedCents(cell.cents)} to the middle`}` +
  `${cell.position === 0 ? '' : `, position ${plain(cell.position / 100)}`}`;

const steps = Array.from({ length: 2 * STRONGEST + 1 }, (_, at) => at - STRONGEST);

/** Fair value minus the middle of the book by strike and close: colour, sign and number say the same. */
export function LadderMap({ contracts, indexDollars, at, onPick }: LadderMapProps): JSX.Element {
  const grid = useMemo(() => ladderGrid(contracts, indexDollars, at, MOST), [contracts, indexDollars, at]);
  const [focus, setFocus] = useState('');
  const body = useRef<HTMLTableSectionElement>(null);
  if (grid.rows.length === 0)
    return <Calm size="middle">No contract is open. The map fills when the next one opens.</Calm>;
  const tickers = grid.rows.flatMap(({ cells }) =>
    cells.flatMap((cell) => (cell === undefined ? [] : [cell.ticker])),
  );
  const entry = tickers.includes(focus) ? focus : (tickers[Math.floor(tickers.length / 2)] ?? '');

  const move = (event: KeyboardEvent, row: number, column: number): void => {
    const [down, right] =
      { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    for (
      let r = row + down, c = column + right;
      grid.rows[r]?.cells && c >= 0 && c < grid.columns.length;
      r += down, c += right
    ) {
      const next = grid.rows[r]?.cells[c];
      if (next === undefined) continue;
      setFocus(next.ticker);
      const button = body.current?.querySelector<HTMLButtonElement>(
        `[data-ticker="${CSS.escape(next.ticker)}"]`,
      );
      button?.focus();
      return;
    }
  };

  const here = (key: string): JSX.Element => (
    <tr key={key} class="ladder-now">
      <td colSpan={grid.columns.length + 1}>
        <span class="ladder-here">index {dollars(indexDollars)}</span>
      </td>
    </tr>
  );

  return (
    <figure class="chart">
      <div class="ladder-scroll">
        <table class="ladder">
          <caption class="unseen">{`Fair value minus the middle of the book, in cents. ${ladderWords(grid)}`}</caption>
          <thead>
            <tr>
              <th scope="col">strike</th>
              {grid.columns.map(({ key, closeAt, series }) => (
                <th key={key} scope="col">
                  {clockTime(closeAt).slice(0, 5)}
                  <small>{series}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {grid.rows.map(({ key, label, cells }, row) => (
              <Fragment key={key}>
                {row === grid.above && here('index')}
                <tr>
                  <th scope="row">{label}</th>
                  {grid.columns.map(({ key: column, closeAt }, across) => {
                    const cell = cells[across];
                    if (cell === undefined) return <td key={column} />;
                    return (
                      <td key={column} class={classOf(cell.step)}>
                        <button
                          type="button"
                          data-ticker={cell.ticker}
                          tabIndex={cell.ticker === entry ? 0 : -1}
                          title={cell.ticker}
                          aria-label={wordsOf(cell, label, clockTime(closeAt).slice(0, 5))}
                          onFocus={() => setFocus(cell.ticker)}
                          onKeyDown={(event) => move(event, row, across)}
                          onClick={() => onPick?.(cell.ticker)}
                        >
                          {cell.cents === null ? '·' : signedCents(cell.cents).replace(' ¢', '')}
                          {cell.position !== 0 && <i aria-hidden="true">{cell.position > 0 ? '▲' : '▼'}</i>}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              </Fragment>
            ))}
            {grid.above === grid.rows.length && here('index')}
          </tbody>
        </table>
      </div>
      <figcaption class="chart-foot">
        <ol class="heat-scale" aria-hidden="true">
          <li>−8 ¢ dear</li>
          {steps.map((step) => (
            <li key={step} class={classOf(step)} />
          ))}
          <li>cheap +8 ¢</li>
        </ol>
        <span>
          fair − mid in cents; ▲ held YES, ▼ held NO
          {grid.left.strikes > 0 ? `; ${grid.left.strikes} strikes farther away are not shown` : ''}
          {grid.left.closes > 0 ? `; ${grid.left.closes} later closes are not shown` : ''}
        </span>
      </figcaption>
    </figure>
  );
}
