import type { Field } from './measurement.ts';

/**
 * How a minute of a field becomes one value: the mean of a number with a fraction, the last of a whole number
 * or a yes or no, unless the catalogue says otherwise. Undefined for texts and ids, which have none.
 */
export const downsampleOf = ({ kind, unit, over }: Field): 'mean' | 'sum' | 'max' | 'last' | undefined => {
  if (kind === 'text' || unit === 'id') return undefined;
  return over ?? (kind === 'float' ? 'mean' : 'last');
};
