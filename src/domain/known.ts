/**
 * A number in an event: null where it is not known. Computations use NaN for that, which JSON does not have.
 */
export type Known = number | null;

/**
 * Turns a computed number into a number of an event. Negative zero becomes zero, since JSON would lose its
 * sign.
 */
export const known = (value: number): Known => (Number.isFinite(value) ? value + 0 : null);
