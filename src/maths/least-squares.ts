import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * Normal equations of a linear model whose rows have a few dense columns and one indicator out of `groups`.
 */
export interface NormalEquations {
  /** Adds a row: dense values, the group whose indicator is 1, and the target. */
  readonly add: (dense: ArrayLike<number>, group: number, target: number) => void;
  /**
   * Ridge solution with one penalty for each part. Throws if the columns are dependent and the penalty does
   * not help.
   */
  readonly solve: (penalty: { readonly dense: number; readonly group: number }) => LinearModel;
  readonly rows: () => number;
}

/** Prediction is `dense · x + groups[group]`. */
export interface LinearModel {
  readonly dense: readonly number[];
  readonly groups: readonly number[];
}

/**
 * Accumulates X'X and X'y in one pass, O(dense²) per row for any number of groups: a row has only one group
 * indicator, so the block of indicators is diagonal. It is solved by Cholesky. The condition number is the
 * square of the design matrix's, which is good enough for tens of log-variance columns in double precision.
 */
export function normalEquations(dense: number, groups: number): NormalEquations {
  const gram = new Float64Array(dense * dense);
  const cross = new Float64Array(groups * dense);
  const counts = new Float64Array(groups);
  const denseTarget = new Float64Array(dense);
  const groupTarget = new Float64Array(groups);
  let rows = 0;
  return {
    add: (x, group, target) => {
      rows += 1;
      counts[group] = (counts[group] as number) + 1;
      groupTarget[group] = (groupTarget[group] as number) + target;
      for (let i = 0; i < dense; i++) {
        const xi = x[i] as number;
        denseTarget[i] = (denseTarget[i] as number) + xi * target;
        cross[group * dense + i] = (cross[group * dense + i] as number) + xi;
        for (let j = 0; j <= i; j++)
          gram[i * dense + j] = (gram[i * dense + j] as number) + xi * (x[j] as number);
      }
    },
    solve: (penalty) => {
      const size = dense + groups;
      const left = Matrix.zeros(size, size);
      const right = Matrix.zeros(size, 1);
      for (let i = 0; i < dense; i++) {
        right.set(i, 0, denseTarget[i] as number);
        for (let j = 0; j <= i; j++) {
          const value = (gram[i * dense + j] as number) + (i === j ? penalty.dense : 0);
          left.set(i, j, value);
          left.set(j, i, value);
        }
      }
      for (let g = 0; g < groups; g++) {
        right.set(dense + g, 0, groupTarget[g] as number);
        left.set(dense + g, dense + g, (counts[g] as number) + penalty.group);
        for (let i = 0; i < dense; i++) {
          left.set(dense + g, i, cross[g * dense + i] as number);
          left.set(i, dense + g, cross[g * dense + i] as number);
        }
      }
      const cholesky = new CholeskyDecomposition(left);
      if (!cholesky.isPositiveDefinite())
        throw new Error(
          `leastSquares: columns must be independent or penalised, was singular after ${rows} rows`,
        );
      const solution = cholesky.solve(right).to1DArray();
      return { dense: solution.slice(0, dense), groups: solution.slice(dense) };
    },
    rows: () => rows,
  };
}
