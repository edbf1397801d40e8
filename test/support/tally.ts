import { appendFileSync } from 'node:fs';

/** What a campaign of one kind of fault came to; a row of `docs/reliability.md`. */
export interface Tally {
  /** What was done to the product: `hostile frames`, `kills while recording`. */
  readonly kind: string;
  readonly tried: number;
  /** Faults after which the product went on, or ended and said why, with everything it had promised kept. */
  readonly survived: number;
  /** Faults that cost something: a crash, a hang above a second, a record lost, a false statement. */
  readonly lost: number;
}

/** Appends a campaign's row to the file that `RELIABILITY_OUT` names; does nothing without it. */
export function tally(row: Tally): void {
  const path = process.env['RELIABILITY_OUT'];
  if (path) appendFileSync(path, `${JSON.stringify(row)}\n`);
}
