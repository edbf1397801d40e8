import type { AssetView, ContractView } from '../../src/console/state.ts';
import { isClosed } from './closed-words.ts';
import { strikeDollars } from './contract-title.ts';

/** Contracts of one series that close together. */
export interface CloseGroup {
  readonly key: string;
  readonly asset: string;
  readonly series: string;
  readonly closeAt: number;
  /** Those near the index, by rising strike. */
  readonly near: readonly ContractView[];
  /** Those further away that are held, traded, or were listed before, by rising strike. */
  readonly far: readonly ContractView[];
  /** How many are not shown. */
  readonly hidden: number;
}

/** What an operator must see whatever its strike: it is held, or it would be traded now. */
const matters = ({ position, decision }: ContractView): boolean =>
  position !== 0 || decision?.verdict === 'approved';

/** What a page lists already. */
export interface ListedBefore {
  readonly near: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
}

/**
 * Contracts by close, the next first. Of each close it shows the `most` nearest to the index, and after them all
 * others that are held or traded; the rest is counted. What was listed before stays listed. What was near stays
 * there while it is among twice as many, and whoever comes nearer takes a place that is free, or else comes in once
 * it is among half as many: so rows do not come and go with each price. Closed ones come
 * last, the latest first.
 */
export function groupContracts(
  contracts: Readonly<Record<string, ContractView>>,
  assets: Readonly<Record<string, AssetView>>,
  at: number,
  most: number,
  before: ListedBefore = { near: new Set(), listed: new Set() },
): { readonly open: readonly CloseGroup[]; readonly closed: readonly ContractView[] } {
  const groups = new Map<string, ContractView[]>();
  const closed: ContractView[] = [];
  for (const contract of Object.values(contracts)) {
    if (isClosed(contract, at)) {
      closed.push(contract);
      continue;
    }
    const key = `${contract.closeAt} ${contract.series}`;
    const group = groups.get(key);
    if (group) group.push(contract);
    else groups.set(key, [contract]);
  }
  const open = [...groups].map(([key, members]): CloseGroup => {
    const { asset, series, closeAt } = members[0] as ContractView;
    const index = assets[asset]?.indexDollars ?? null;
    const strike = (contract: ContractView): number => strikeDollars(contract) ?? 0;
    const away = (contract: ContractView): number =>
      index === null ? 0 : Math.abs(strike(contract) - index);
    const byStrike = (a: ContractView, b: ContractView): number =>
      strike(a) - strike(b) || (a.ticker < b.ticker ? -1 : 1);
    const ranked = [...members].sort((a, b) => away(a) - away(b) || (a.ticker < b.ticker ? -1 : 1));
    const stays = new Set(
      ranked.flatMap(({ ticker }, rank) => (rank < 2 * most && before.near.has(ticker) ? [ticker] : [])),
    );
    let room = most - stays.size;
    const near = ranked.filter(({ ticker }, rank) => {
      if (stays.has(ticker) || rank < most / 2) return true;
      return rank < most && room-- > 0;
    });
    const far = members.filter(
      (contract) => !near.includes(contract) && (before.listed.has(contract.ticker) || matters(contract)),
    );
    const hidden = members.length - near.length - far.length;
    return { key, asset, series, closeAt, near: near.sort(byStrike), far: far.sort(byStrike), hidden };
  });
  open.sort((a, b) => a.closeAt - b.closeAt || (a.key < b.key ? -1 : 1));
  closed.sort((a, b) => b.closeAt - a.closeAt || (a.ticker < b.ticker ? -1 : 1));
  return { open, closed };
}
