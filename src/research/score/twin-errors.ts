import type { Micros } from '../../domain/time.ts';

/** What the twin said of the minute before a close, and what the close settled at. */
export interface TwinClose {
  readonly closeAt: Micros;
  /** The twin's mean over that minute, in dollars. */
  readonly twin: number;
  /** The standard error that the twin stated, in basis points. */
  readonly statedBasisPoints: number;
  readonly settled: number;
}

/** How far the twin was from the settlements. Basis points; NaN where there are too few closes. */
export interface TwinErrors {
  readonly closes: number;
  readonly rmsBasisPoints: number;
  /** Mean of ln(settled / twin): a bias. */
  readonly meanBasisPoints: number;
  readonly statedBasisPoints: number;
  /** Share of the errors within one and within two of their stated errors; 68 and 95 % are wanted. */
  readonly withinOne: number;
  readonly withinTwo: number;
  /** Correlation of successive errors about zero: what a bias that persists gives. */
  readonly successive: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** ln(settled / twin) in basis points. */
export const errorOf = ({ twin, settled }: TwinClose): number => 10_000 * Math.log(settled / twin);

/** Measures the twin on closes in the order of their time. */
export function twinErrors(closes: readonly TwinClose[]): TwinErrors {
  const errors = closes.map(errorOf);
  const within = (deviations: number): number =>
    mean(
      closes.map(({ statedBasisPoints }, i) =>
        Math.abs(errors[i] as number) <= deviations * statedBasisPoints ? 1 : 0,
      ),
    );
  const later = errors.slice(1);
  const earlier = errors.slice(0, -1);
  const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value ** 2, 0);
  const products = later.reduce((sum, error, i) => sum + error * (earlier[i] as number), 0);
  return {
    closes: closes.length,
    rmsBasisPoints: Math.sqrt(squares(errors) / errors.length),
    meanBasisPoints: mean(errors),
    statedBasisPoints: mean(closes.map(({ statedBasisPoints }) => statedBasisPoints)),
    withinOne: within(1),
    withinTwo: within(2),
    successive: products / Math.sqrt(squares(earlier) * squares(later)),
  };
}
