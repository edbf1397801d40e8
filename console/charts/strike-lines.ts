import type { ContractView } from '../../src/console/state.ts';
import { centsOfTicks, dollars } from './figures.ts';

/** The strikes of one close, rising. */
export interface StrikeLines {
  readonly closeAt: number;
  readonly lines: readonly { readonly dollars: number; readonly label: string }[];
}

const quoteOf = ({ bidTicks, askTicks }: ContractView): string =>
  bidTicks === null || askTicks === null
    ? ''
    : ` · ${centsOfTicks(bidTicks).replace(' ¢', '')}–${centsOfTicks(askTicks)}`;

/** Dollars without needless decimals: `$64,250`, `$64,231.12`. */
export const strikeDollars = (value: number): string =>
  dollars(value, Number.isInteger(Number(value.toFixed(6))) ? 0 : 2);

/**
 * Strikes of the first close after `at`, each with the quote of its contract where the contract has one strike
 * alone. Undefined if no contract of an asset closes later.
 */
export function strikeLines(contracts: readonly ContractView[], at: number): StrikeLines | undefined {
  const ahead = contracts.filter(({ closeAt }) => closeAt > at);
  if (ahead.length === 0) return undefined;
  const closeAt = Math.min(...ahead.map((contract) => contract.closeAt));
  const labels = new Map<number, string>();
  for (const contract of ahead) {
    if (contract.closeAt !== closeAt) continue;
    const { floorDollars, capDollars } = contract;
    const quote = floorDollars === null || capDollars === null ? quoteOf(contract) : '';
    for (const strike of [floorDollars, capDollars])
      if (strike !== null && (quote !== '' || !labels.has(strike))) labels.set(strike, quote);
  }
  return {
    closeAt,
    lines: [...labels]
      .sort(([a], [b]) => a - b)
      .map(([strike, quote]) => ({ dollars: strike, label: `${strikeDollars(strike)}${quote}` })),
  };
}

/**
 * Which of rising or falling `places`, in pixels, get a label if labels must be `apart` from each other: those near
 * `centre` first.
 */
export function labelled(places: readonly number[], centre: number, apart: number): number[] {
  const chosen: number[] = [];
  const near = places.map((_, at) => at);
  near.sort((a, b) => Math.abs((places[a] ?? 0) - centre) - Math.abs((places[b] ?? 0) - centre));
  for (const at of near)
    if (chosen.every((other) => Math.abs((places[at] ?? 0) - (places[other] ?? 0)) >= apart)) chosen.push(at);
  return chosen.sort((a, b) => a - b);
}
