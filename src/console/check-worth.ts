import type { Contract } from '../domain/contracts.ts';
import type { Decision } from '../domain/events/decision.ts';
import { DOLLAR_TICKS } from '../domain/money.ts';
import { HOUR, type Micros } from '../domain/time.ts';
import { studentQuantile } from '../maths/student-quantile.ts';
import type { CheckWorth } from './state.ts';

/** What each check cost or saved, once the contracts have settled. */
export interface ChecksWorth {
  readonly decided: (decision: Decision) => void;
  /** A contract has its first result; `contract` are its terms, where they are known. */
  readonly settled: (
    ticker: string,
    result: 'yes' | 'no',
    contract: Contract | undefined,
    at: Micros,
  ) => void;
  /** What changed since the last call; undefined if nothing did. */
  readonly read: () => readonly CheckWorth[] | undefined;
}

/** Refusals of one contract by one check: how many, and what they would have made by each result, in dollars. */
interface Refused {
  count: number;
  ifYes: number;
  ifNo: number;
}

/** Sums over the clusters of one check: S is a cluster's sum of rows, N the number of its rows. */
interface Sums {
  refused: number;
  settled: number;
  clusters: number;
  s: number;
  n: number;
  ss: number;
  sn: number;
  nn: number;
}

interface Cluster {
  readonly closeAt: Micros;
  readonly byCheck: Map<string, { s: number; n: number }>;
}

/** Contracts whose result never comes are forgotten, the oldest first. */
const MOST_OPEN = 2_000;
/** A close takes no further results after this long. */
const CLOSED_AFTER = HOUR;
const INTERVAL = 0.975;
const FEWEST_CLOSES = 3;
const MOST_REACHES = 1_000;

/** The same few numbers of closes come again for every check. */
const reaches = new Map<number, number>();
const reachOf = (closes: number): number => {
  const known = reaches.get(closes);
  if (known !== undefined) return known;
  if (reaches.size >= MOST_REACHES) reaches.clear();
  const reach = studentQuantile(closes - 1, INTERVAL);
  reaches.set(closes, reach);
  return reach;
};

const zero = (): Sums => ({ refused: 0, settled: 0, clusters: 0, s: 0, n: 0, ss: 0, sn: 0, nn: 0 });

const enter = (sums: Sums, { s, n }: { readonly s: number; readonly n: number }): Sums => ({
  ...sums,
  clusters: sums.clusters + 1,
  s: sums.s + s,
  n: sums.n + n,
  ss: sums.ss + s * s,
  sn: sums.sn + s * n,
  nn: sums.nn + n * n,
});

/**
 * Judges every check by the decisions that it refused first. Had such a decision been an order and been
 * filled at its limit, one contract would have made its payout less price and fee. A contract and a check
 * make one row, the mean over that contract's refusals, so that a refusal repeated each minute does not count
 * each time. The worth is the mean of the rows. Its interval is that of 95 % by Student's t, from a variance
 * that is robust to clusters: contracts of one close settle by one value, so the rows of one close are one
 * cluster. It is null below three closes. Below zero means that the check saved money. What was not filled in
 * truth may not have been filled in full, so this is no promise.
 */
export function checksWorth(): ChecksWorth {
  const open = new Map<string, Map<string, Refused>>();
  const checks = new Map<string, Sums>();
  const clusters = new Map<string, Cluster>();
  let changed = false;

  const sumsOf = (check: string): Sums => {
    const known = checks.get(check) ?? zero();
    checks.set(check, known);
    return known;
  };
  const finish = (at: Micros): void => {
    for (const [key, { closeAt, byCheck }] of clusters) {
      if (closeAt + CLOSED_AFTER > at) continue;
      for (const [check, cluster] of byCheck) checks.set(check, enter(sumsOf(check), cluster));
      clusters.delete(key);
    }
  };
  const worthOf = (check: string, own: Sums): CheckWorth => {
    let sums = own;
    for (const { byCheck } of clusters.values()) {
      const cluster = byCheck.get(check);
      if (cluster) sums = enter(sums, cluster);
    }
    const { refused, settled, clusters: closes, s, n, ss, sn, nn } = sums;
    const mean = n === 0 ? null : s / n;
    const known = { check, refused, settled, closes, wouldDollars: mean };
    if (mean === null || closes < FEWEST_CLOSES) return { ...known, lowDollars: null, highDollars: null };
    const squares = Math.max(0, ss - 2 * mean * sn + mean * mean * nn);
    const error = Math.sqrt((squares * closes) / (closes - 1)) / n;
    const reach = reachOf(closes) * error;
    return { ...known, lowDollars: mean - reach, highDollars: mean + reach };
  };

  return {
    decided: ({ ticker, proposal, failing }) => {
      const [check] = failing;
      if (check === undefined) return;
      sumsOf(check).refused++;
      changed = true;
      const { side, limitTicks, feeDollars } = proposal;
      if (feeDollars === null || !(limitTicks > 0 && limitTicks < DOLLAR_TICKS)) return;
      const price = limitTicks / DOLLAR_TICKS;
      const cost = (side === 'bid' ? price : 1 - price) + feeDollars;
      const byCheck = open.get(ticker) ?? new Map<string, Refused>();
      if (!open.has(ticker)) {
        if (open.size >= MOST_OPEN) open.delete(open.keys().next().value as string);
        open.set(ticker, byCheck);
      }
      const row = byCheck.get(check) ?? { count: 0, ifYes: 0, ifNo: 0 };
      row.count++;
      row.ifYes += (side === 'bid' ? 1 : 0) - cost;
      row.ifNo += (side === 'bid' ? 0 : 1) - cost;
      byCheck.set(check, row);
    },
    settled: (ticker, result, contract, at) => {
      const rows = open.get(ticker);
      open.delete(ticker);
      finish(at);
      if (!rows || !contract) return;
      const key = `${contract.asset} ${contract.closeAt}`;
      const cluster = clusters.get(key) ?? { closeAt: contract.closeAt, byCheck: new Map() };
      clusters.set(key, cluster);
      for (const [check, { count, ifYes, ifNo }] of rows) {
        const own = cluster.byCheck.get(check) ?? { s: 0, n: 0 };
        own.s += (result === 'yes' ? ifYes : ifNo) / count;
        own.n++;
        cluster.byCheck.set(check, own);
        sumsOf(check).settled += count;
      }
      changed = true;
    },
    read: () => {
      if (!changed) return undefined;
      changed = false;
      return [...checks].map(([check, sums]) => worthOf(check, sums)).sort((a, b) => b.refused - a.refused);
    },
  };
}
