const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);
const EXACT_DIGITS = 15;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The decimal in bytes [start, end), such as `-61740.6` or `9.6e-05`, as the nearest double; NaN if it is not
 * a decimal. A decimal of up to 15 digits without exponent is an integer divided by a power of ten. Both are
 * exact in a double, so the quotient is correctly rounded (Clinger, PLDI 1990). All others are parsed by
 * `Number`, which is slower.
 */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  const from = bytes[start] === 0x2d ? start + 1 : start;
  let digits = 0;
  let point = -1;
  let at = from;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) digits = digits * 10 + (byte - 0x30);
    else if (byte === 0x2e && point < 0) point = at;
    else break;
  }
  const length = end - from - (point < 0 ? 0 : 1);
  if (at < end || length <= 0 || length > EXACT_DIGITS) {
    const text = String.fromCharCode(...bytes.subarray(start, end));
    return NUMBER.test(text) ? Number(text) : Number.NaN;
  }
  const value = point < 0 ? digits : digits / (POWERS[end - point - 1] as number);
  return from > start ? -value : value;
}

/** The decimal in a text, without spaces around it; NaN if it is none. */
export const decimalOf = (text: string): number => (NUMBER.test(text.trim()) ? Number(text) : Number.NaN);
