/** Where a cell's next step of colour begins, in cents. */
const STEPS = [0.5, 1, 2, 4, 8];

/** The strongest step. */
export const STRONGEST = STEPS.length;

/**
 * Step of colour of a difference in cents, from −5 to 5: 0 within half a cent, and each further step about twice the
 * one before, because a cent matters more near nothing. NaN is 0.
 */
export function cellStep(cents: number): number {
  const size = Math.abs(cents);
  let step = 0;
  while (step < STRONGEST && size >= (STEPS[step] ?? Number.POSITIVE_INFINITY)) step += 1;
  return cents < 0 && step > 0 ? -step : step;
}
