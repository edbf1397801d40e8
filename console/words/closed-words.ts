import type { ContractView } from '../../src/console/state.ts';
import { gain, held } from './format.ts';

/** Whether a contract has closed by `at`: by its time, or because its result came. */
export const isClosed = ({ closeAt, result }: ContractView, at: number): boolean =>
  closeAt <= at || result !== null;

/** How a closed contract ended, and what it made for us, in one sentence. */
export function closedWords({ result, position, pnlDollars }: ContractView): string {
  if (result === null)
    return position === 0
      ? 'closed; its result has not come'
      : `closed; ${held(position)} held, waits for its result`;
  const paid = `paid ${result.toUpperCase()}`;
  return pnlDollars === null ? `${paid}; nothing was held` : `${paid}; it made ${gain(pnlDollars)}`;
}

/** All closed contracts in one line: how many, what those that were held made, and how many wait. */
export function closedTitle(closed: readonly ContractView[]): string {
  const settled = closed.flatMap(({ pnlDollars }) => pnlDollars ?? []);
  const waiting = closed.filter(({ result }) => result === null).length;
  return [
    `${closed.length}`,
    settled.length === 0
      ? 'none of them was held'
      : `${settled.length} of them held, which made ${gain(settled.reduce((sum, each) => sum + each, 0))}`,
    ...(waiting === 0 ? [] : [`${waiting} without a result yet`]),
  ].join(', ');
}

/** The rows of them that a page shows: folded, only what is still held. */
export const closedShown = (closed: readonly ContractView[], isFolded: boolean): readonly ContractView[] =>
  isFolded ? closed.filter(({ position }) => position !== 0) : closed;
