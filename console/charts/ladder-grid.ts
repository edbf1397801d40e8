import type { ContractView } from '../../src/console/state.ts';
import { cellStep } from './cell-step.ts';
import { strikeDollars } from './strike-lines.ts';

/** One contract on the map. */
export interface LadderCell {
  readonly ticker: string;
  /** Fair minus the middle of the book, in cents; null where one of them is not known. */
  readonly cents: number | null;
  readonly step: number;
  readonly position: number;
}

/** Strikes in rows, the highest first, and closes in columns, the next first. */
export interface LadderGrid {
  readonly columns: readonly { readonly key: string; readonly closeAt: number; readonly series: string }[];
  readonly rows: readonly {
    readonly key: string;
    readonly label: string;
    /** Level that the row is sorted by. */
    readonly dollars: number;
    readonly cells: readonly (LadderCell | undefined)[];
  }[];
  /** Number of the row over which the index lies now: that many rows are above it. */
  readonly above: number;
  /** Strikes that are left out because they are farther from the index, and closes because they are later. */
  readonly left: { readonly strikes: number; readonly closes: number };
}

const SIGN: Readonly<Record<string, string>> = { greater: '>', less: '<', less_or_equal: '≤' };

const labelOf = ({ strikeType, floorDollars, capDollars }: ContractView): string => {
  if (floorDollars !== null && capDollars !== null)
    return `${strikeDollars(floorDollars)} – ${strikeDollars(capDollars)}`;
  const strike = floorDollars ?? capDollars;
  return strike === null ? 'no strike yet' : `${SIGN[strikeType] ?? '≥'} ${strikeDollars(strike)}`;
};

const levelOf = ({ floorDollars, capDollars }: ContractView): number =>
  floorDollars !== null && capDollars !== null
    ? (floorDollars + capDollars) / 2
    : (floorDollars ?? capDollars ?? 0);

const cellOf = ({ ticker, fairTicks, bidTicks, askTicks, position }: ContractView): LadderCell => {
  const cents =
    fairTicks === null || bidTicks === null || askTicks === null
      ? null
      : (fairTicks - (bidTicks + askTicks) / 2) / 100;
  return { ticker, cents, step: cents === null ? 0 : cellStep(cents), position };
};

/** The map of the contracts that close after `at`: the next closes, and of them the strikes nearest to the index. */
export function ladderGrid(
  contracts: readonly ContractView[],
  indexDollars: number | null,
  at: number,
  most: { readonly strikes: number; readonly closes: number },
): LadderGrid {
  const open = contracts.filter(({ closeAt }) => closeAt > at);
  const columns = new Map<string, LadderGrid['columns'][number]>();
  for (const { closeAt, series } of open)
    columns.set(`${closeAt} ${series}`, { key: `${closeAt} ${series}`, closeAt, series });
  const across = [...columns.values()]
    .sort((a, b) => a.closeAt - b.closeAt || (a.series < b.series ? -1 : a.series > b.series ? 1 : 0))
    .slice(0, most.closes);
  const shown = new Set(across.map(({ key }) => key));
  const levels = new Map<string, number>();
  const cells = new Map<string, LadderCell>();
  for (const contract of open) {
    const column = `${contract.closeAt} ${contract.series}`;
    if (!shown.has(column)) continue;
    const label = labelOf(contract);
    levels.set(label, levelOf(contract));
    cells.set(`${label}|${column}`, cellOf(contract));
  }
  const centre = indexDollars ?? 0;
  const near = [...levels]
    .sort(([, a], [, b]) => Math.abs(a - centre) - Math.abs(b - centre))
    .slice(0, most.strikes);
  const sorted = near.sort(([, a], [, b]) => b - a);
  return {
    columns: across,
    rows: sorted.map(([label, dollars]) => ({
      key: label,
      label,
      dollars,
      cells: across.map(({ key }) => cells.get(`${label}|${key}`)),
    })),
    above: indexDollars === null ? -1 : sorted.filter(([, level]) => level > indexDollars).length,
    left: { strikes: levels.size - sorted.length, closes: columns.size - across.length },
  };
}
