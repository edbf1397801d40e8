/** What stands for a number that is not known. */
export const UNKNOWN = '–';

const MINUS = '−';
const signOf = (value: number, plus: boolean): string => (value < 0 ? MINUS : plus && value > 0 ? '+' : '');

/** A number with so many decimals, a true minus sign and thousands apart: `−1,234.50`. */
export function decimal(value: number | null | undefined, digits = 2, plus = false): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const text = Math.abs(value).toFixed(digits);
  // What rounds to nothing has no sign.
  const sign = Number(text) === 0 ? '' : signOf(value, plus);
  const [whole = '', fraction] = text.split('.');
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${apart}${fraction === undefined ? '' : `.${fraction}`}`;
}

const withDollar = (text: string): string => text.replace(/^([−+]?)/, '$1$$');

/** Dollars: `−$12.30`. */
export const dollars = (value: number | null | undefined, digits = 2): string => {
  const text = decimal(value, digits);
  return text === UNKNOWN ? text : withDollar(text);
};

/** A gain or a loss in dollars, with its sign: `+$4.20`. */
export const gain = (value: number | null | undefined, digits = 2): string => {
  const text = decimal(value, digits, true);
  return text === UNKNOWN ? text : withDollar(text);
};

/** A price of ticks of $0.0001 in cents, without the unit: `42.0`. */
export const cents = (ticks: number | null | undefined, digits = 1): string =>
  decimal(ticks === null || ticks === undefined ? ticks : ticks / 100, digits);

/** A gain of dollars in cents, with its sign: `+1.2`. */
export const centsGain = (value: number | null | undefined): string =>
  decimal(value === null || value === undefined ? value : 100 * value, 1, true);

/** A share in percent: `41.0 %`. */
export const percent = (share: number | null | undefined, digits = 1): string => {
  const text = decimal(share === null || share === undefined ? share : 100 * share, digits);
  return text === UNKNOWN ? text : `${text} %`;
};

/** Contracts of an integer number of hundredths: `12` or `0.5`. */
export const contracts = (count: number | null | undefined): string => {
  if (count === null || count === undefined || !Number.isFinite(count)) return UNKNOWN;
  const whole = count / 100;
  return decimal(whole, Number.isInteger(whole) ? 0 : 2);
};

/** What is held: `5 YES`, `2 NO`, or a dash for nothing. */
export const held = (position: number): string =>
  position === 0 ? UNKNOWN : `${contracts(Math.abs(position))} ${position > 0 ? 'YES' : 'NO'}`;

/** What an order of this side buys. */
export const bought = (side: 'bid' | 'ask'): 'YES' | 'NO' => (side === 'bid' ? 'YES' : 'NO');

const two = (value: number): string => String(value).padStart(2, '0');
const DAY_SECONDS = 86_400;

/** Time until something as a clock that counts down: `3:21`, `1:03:21`, `2 d 3 h`; never below `0:00`. */
export function countdown(micros: number): string {
  const seconds = Math.max(0, Math.ceil(micros / 1_000_000));
  const hours = Math.floor(seconds / 3_600);
  if (seconds >= 2 * DAY_SECONDS) return `${Math.floor(seconds / DAY_SECONDS)} d ${hours % 24} h`;
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How long something took or is old: `40 ms`, `0.4 s`, `12 s`, `3 min`, `2 h`, `4 d`. */
export function age(micros: number | null | undefined): string {
  if (micros === null || micros === undefined || !Number.isFinite(micros)) return UNKNOWN;
  const seconds = Math.max(0, micros) / 1_000_000;
  if (seconds < 0.1) return `${Math.round(1_000 * seconds)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY_SECONDS) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / DAY_SECONDS)} d`;
}

/** The time of day in UTC, `14:05:09`; a dash where it is not known. */
export const clock = (at: number | null | undefined): string =>
  at === null || at === undefined || !Number.isFinite(at)
    ? UNKNOWN
    : new Date(at / 1_000).toISOString().slice(11, 19);

/** The day in UTC, `1 Jun 2026`. */
export const day = (at: number): string => {
  const [year, month, date] = new Date(at / 1_000).toISOString().slice(0, 10).split('-');
  const name = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(3 * Number(month) - 3, 3 * Number(month));
  return `${Number(date)} ${name} ${year}`;
};
