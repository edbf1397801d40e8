import { studentT } from './student-t.ts';

/** Location-free Student-t: a draw is `scale`·t_ν. */
export interface StudentFit {
  readonly nu: number;
  readonly scale: number;
}

const SMALLEST_NU = 1.05;
const LARGEST_NU = 200;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Maximum likelihood of ν and scale together, for draws around 0. For each ν the scale is the fixed point of
 * the EM step s² = mean(w·x²), w = (ν+1)/(ν + x²/s²) (Lange, Little, Taylor 1989, JASA 84), and ν is found by
 * golden section on ln ν in [1.05, 200]. Throws for fewer than ten draws or when they are all 0.
 */
export function studentFit(draws: ArrayLike<number>): StudentFit {
  const squares = Float64Array.from(draws, (x) => x * x);
  const mean = squares.reduce((sum, x) => sum + x, 0) / squares.length;
  if (squares.length < 10 || !(mean > 0) || mean === Number.POSITIVE_INFINITY)
    throw new Error(
      `studentFit: needs ten finite draws that are not all 0, was ${squares.length} with mean square ${mean}`,
    );

  let square = mean;
  const scaleSquared = (nu: number): number => {
    for (let round = 0; round < 200; round++) {
      let sum = 0;
      for (const x of squares) sum += ((nu + 1) * x) / (nu + x / square);
      const next = sum / squares.length;
      const change = Math.abs(next / square - 1);
      square = next;
      if (change < 1e-9) break;
    }
    return square;
  };
  const negativeLogLikelihood = (logNu: number): number => {
    const nu = Math.exp(logNu);
    const s2 = scaleSquared(nu);
    let sum = 0;
    for (const x of squares) sum += Math.log1p(x / s2 / nu);
    return ((nu + 1) / 2) * (sum / squares.length) + 0.5 * Math.log(s2) - Math.log(studentT(nu).pdf(0));
  };

  let low = Math.log(SMALLEST_NU);
  let high = Math.log(LARGEST_NU);
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = negativeLogLikelihood(left);
  let atRight = negativeLogLikelihood(right);
  while (high - low > 1e-4) {
    if (atLeft < atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - GOLDEN * (high - low);
      atLeft = negativeLogLikelihood(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + GOLDEN * (high - low);
      atRight = negativeLogLikelihood(right);
    }
  }
  const nu = Math.exp((low + high) / 2);
  return { nu, scale: Math.sqrt(scaleSquared(nu)) };
}
