declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/**
 * Price of a contract, an integer number of $0.0001. One dollar is 10,000. Always the YES price unless a name
 * says otherwise.
 */
export type PriceTicks = Unit<'priceTicks'>;

/**
 * Number of contracts, an integer number of 0.01 contracts. May be negative where it is a change or a
 * position (NO is negative).
 */
export type Count = Unit<'count'>;

/** Cash, an integer number of $0.0001; negative when paid. */
export type Cash = Unit<'cash'>;

/** Fees before netting, an integer number of $0.000001, the finest unit Kalshi's fee rounding knows. */
export type MicroDollars = Unit<'microDollars'>;

/** Price ticks in one dollar. */
export const DOLLAR_TICKS = 10_000;

/** Price ticks times count gives millionths of a dollar (1e-4 × 1e-2). This is how many make one dollar. */
export const MICRO_DOLLARS = 1_000_000;

const integer = (value: number, name: string): number => {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`money: ${name} must be a safe integer, was ${value}`);
  return value;
};

/** Brands an integer as price ticks; throws RangeError for anything but a safe integer. */
export const priceTicks = (value: number): PriceTicks => integer(value, 'priceTicks') as PriceTicks;

/** Brands an integer as a count of 0.01 contracts; throws RangeError for anything but a safe integer. */
export const count = (value: number): Count => integer(value, 'count') as Count;

/** Brands an integer as cash of $0.0001; throws RangeError for anything but a safe integer. */
export const cash = (value: number): Cash => integer(value, 'cash') as Cash;

/** Brands an integer as millionths of a dollar; throws RangeError for anything but a safe integer. */
export const microDollars = (value: number): MicroDollars => integer(value, 'microDollars') as MicroDollars;

/** Dollars as a float, for display and statistics only. */
export const dollarsOf = (value: Cash | PriceTicks): number => value / DOLLAR_TICKS;

/** Contracts as a float, for display and statistics only. */
export const contractsOf = (value: Count): number => value / 100;

/**
 * Reads a decimal string such as "0.9600" or "-54.00" as an integer number of 10^-`decimals`. Returns
 * undefined when the text is no plain decimal, is finer than `decimals`, or is past what a double holds exactly,
 * so that nothing is rounded silently.
 */
export function fixedPoint(text: string, decimals: number): number | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const digits = Number((match[2] ?? '') + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (!Number.isSafeInteger(digits)) return undefined;
  return match[1] && digits !== 0 ? -digits : digits;
}
