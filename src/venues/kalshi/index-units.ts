import { decimal } from './decimal.ts';

/**
 * Converts dollars of an index (a strike, print or settlement value) to an integer number of 10^-`decimals`
 * dollars. Undefined if the text is not a plain decimal, is negative, is finer than the index, or is too
 * large for an exact integer, so that nothing is rounded silently.
 */
export function indexUnits(dollars: string | number, decimals: number): number | undefined {
  const units = decimal(dollars, decimals);
  return units !== undefined && units >= 0 && Number.isSafeInteger(units) ? units : undefined;
}

/** States what `indexUnits` requires of a value, as the middle part of a sentence. */
export const mustBeUnits = (decimals: number): string => `must be dollars with at most ${decimals} decimals`;

/**
 * Reads a strike in units of the index. Undefined if there is none; a reason if it is not a price or is finer
 * than the index.
 */
export function strikeUnits(
  dollars: string | number | null | undefined,
  decimals: number,
): number | undefined | string {
  if (dollars === null || dollars === undefined) return undefined;
  return indexUnits(dollars, decimals) ?? `${mustBeUnits(decimals)}, was ${dollars}`;
}
