import { fixedPoint } from '../../domain/money.ts';

const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/**
 * `fixedPoint` for what the wire carries: a string, or (seen at times) a JSON number. Strings with exactly `decimals` places and at most
 * 12 digits before the point, which is all that Kalshi sends today, are read by character codes; anything else goes to `fixedPoint`.
 */
export function decimal(value: string | number, decimals: number): number | undefined {
  if (typeof value === 'number') return fixedPoint(String(value), decimals);
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
  return start === 1 && digits !== 0 ? -digits : digits;
}
