import { fixedPoint } from '../../domain/money.ts';

/** A strike in dollars as integer cents; undefined where there is none, and a reason where it is no price or finer than a cent. */
export function strikeUnits(dollars: string | number | null | undefined): number | undefined | string {
  if (dollars === null || dollars === undefined) return undefined;
  const cents = fixedPoint(String(dollars), 2);
  return cents === undefined || cents < 0 ? `must be a number of cents, was ${dollars}` : cents;
}
