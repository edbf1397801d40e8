const grouped = new Map<number, Intl.NumberFormat>();
const digits = (value: number, decimals: number): string => {
  let format = grouped.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-GB', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    grouped.set(decimals, format);
  }
  return format.format(value);
};

type Known = number | null | undefined;
const UNKNOWN = '–';
const known = (value: Known): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** A magnitude with its sign in front, a true minus; what rounds to nothing has no sign. */
const withSign = (value: number, text: string, plus: boolean): string =>
  /[1-9]/.test(text) ? `${value < 0 ? '−' : plus ? '+' : ''}${text}` : text;

/** `$64,231.20`, `−$5.00`; a dash where it is not known. */
export const dollars = (value: Known, decimals = 2): string =>
  known(value) ? withSign(value, `$${digits(Math.abs(value), decimals)}`, false) : UNKNOWN;

/** `+$5.00` or `−$5.00`. */
export const signedDollars = (value: Known, decimals = 2): string =>
  known(value) ? withSign(value, `$${digits(Math.abs(value), decimals)}`, true) : UNKNOWN;

/** Ticks of $0.0001 as `43.5 ¢`, with the second decimal where a price needs it. */
export const centsOfTicks = (ticks: Known): string =>
  known(ticks) ? `${withSign(ticks, String(Number(Math.abs(ticks / 100).toFixed(2))), false)} ¢` : UNKNOWN;

/** Cents as `+1.2 ¢`. */
export const signedCents = (cents: Known, decimals = 1): string =>
  known(cents) ? `${withSign(cents, digits(Math.abs(cents), decimals), true)} ¢` : UNKNOWN;

/** A share as `41.2 %`. */
export const percent = (share: Known, decimals = 1): string =>
  known(share) ? `${withSign(share, digits(Math.abs(100 * share), decimals), false)} %` : UNKNOWN;

/** A number with so many decimals and a true minus. */
export const plain = (value: Known, decimals = 0): string =>
  known(value) ? withSign(value, digits(Math.abs(value), decimals), false) : UNKNOWN;

/** Microseconds as `7 min 12 s`, `2 h 5 min` or `40 s`; a time that is past is `0 s`. */
export function spanWords(micros: number): string {
  const seconds = Math.max(0, Math.round(micros / 1_000_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
