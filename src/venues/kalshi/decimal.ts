import { fixedPoint } from '../../domain/money.ts';

/**
 * Most contracts of a level or a trade, in 0.01 contracts: a thousand million. Times a price it is still an
 * exact integer.
 */
export const MOST_COUNT = 100_000_000_000;

const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/**
 * Reads a JSON number. One so small that JavaScript writes it as 1e-7 is written out as a decimal first. A
 * number finer than `decimals` gives undefined.
 */
function ofNumber(value: number, decimals: number): number | undefined {
  const text = value.toFixed(decimals);
  return Number(text) === value ? fixedPoint(text, decimals) : undefined;
}

/**
 * `fixedPoint` for values on the wire: a string, or sometimes a JSON number. Kalshi's strings have exactly
 * `decimals` places and at most 12 digits before the point; these are read by character codes, which is
 * faster. Anything else goes to `fixedPoint`.
 */
export function decimal(value: string | number, decimals: number): number | undefined {
  if (typeof value === 'number') return ofNumber(value, decimals);
  const point = value.length - decimals - 1;
  const start = value.charCodeAt(0) === MINUS ? 1 : 0;
  if (point <= start || point > start + 12 || value.charCodeAt(point) !== POINT)
    return fixedPoint(value, decimals);
  let digits = 0;
  for (let i = start; i < value.length; i++) {
    if (i === point) continue;
    const digit = value.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    digits = digits * 10 + digit;
  }
  if (!Number.isSafeInteger(digits)) return undefined;
  return start === 1 && digits !== 0 ? -digits : digits;
}
