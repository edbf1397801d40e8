/** Numbers as a report writes them; undefined where they are not known, which a table shows as a dash. */
type Maybe = number | null | undefined;

const written = (value: Maybe, how: (value: number) => string): string | undefined =>
  value === null || value === undefined || !Number.isFinite(value) ? undefined : how(value);
const minus = (value: number, digits: number): string =>
  `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}`;

export const fixed = (value: Maybe, digits: number): string | undefined =>
  written(value, (own) => minus(own, digits));
export const dollars = (value: Maybe): string | undefined =>
  written(value, (own) => `${own < 0 ? '−' : ''}$${Math.abs(own).toFixed(2)}`);
/** Dollars of one contract, in cents. */
export const cents = (value: Maybe): string | undefined =>
  written(value, (own) => `${minus(100 * own, 1)} ¢`);
export const whole = (value: Maybe): string | undefined =>
  written(value, (own) => own.toLocaleString('en-GB'));
export const percent = (value: Maybe): string | undefined =>
  written(value, (own) => `${minus(100 * own, 1)} %`);
/** An interval, or why there is none. */
export const interval = (
  low: Maybe,
  high: Maybe,
  how: (value: Maybe) => string | undefined,
): string | undefined =>
  how(low) === undefined || how(high) === undefined ? 'too few hours' : `${how(low)} to ${how(high)}`;
/** A day and time of day, UTC. */
export const dayTime = (micros: number): string =>
  new Date(micros / 1_000).toISOString().slice(0, 19).replace('T', ' ');
