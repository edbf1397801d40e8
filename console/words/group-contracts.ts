import type { AssetView, ContractView } from '../../src/console/state.ts';
import { strikeDollars } from './contract-title.ts';

/** Contracts of one series that close together. */
export interface CloseGroup {
  readonly key: string;
  readonly asset: string;
  readonly series: string;
  readonly closeAt: number;
  /** By rising strike. */
  readonly shown: readonly ContractView[];
  /** How many are not shown. */
  readonly hidden: number;
}

/** What an operator must see whatever its strike: it is held, or it would be traded now. */
const matters = ({ position, decision }: ContractView): boolean =>
  position !== 0 || decision?.verdict === 'approved';

/**
 * Contracts by close, the next first. Of each close it shows the `most` nearest to the index and all that are
 * held or traded; the rest is counted. What was `listed` before stays listed, so that rows do not come and go
 * with each price. Closed ones come last, the latest first.
 */
export function groupContracts(
  contracts: Readonly<Record<string, ContractView>>,
  assets: Readonly<Record<string, AssetView>>,
  at: number,
  most: number,
  listed: ReadonlySet<string> = new Set(),
): { readonly open: readonly CloseGroup[]; readonly closed: readonly ContractView[] } {
  const groups = new Map<string, ContractView[]>();
  const closed: ContractView[] = [];
  for (const contract of Object.values(contracts)) {
    if (contract.closeAt <= at || contract.result !== null) {
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
    const near = new Set(
      [...members]
        .sort((a, b) => away(a) - away(b) || (a.ticker < b.ticker ? -1 : 1))
        .slice(0, most)
        .map(({ ticker }) => ticker),
    );
    const shown = members
      .filter((contract) => near.has(contract.ticker) || listed.has(contract.ticker) || matters(contract))
      .sort((a, b) => strike(a) - strike(b) || (a.ticker < b.ticker ? -1 : 1));
    return { key, asset, series, closeAt, shown, hidden: members.length - shown.length };
  });
  open.sort((a, b) => a.closeAt - b.closeAt || (a.key < b.key ? -1 : 1));
  closed.sort((a, b) => b.closeAt - a.closeAt || (a.ticker < b.ticker ? -1 : 1));
  return { open, closed };
}
