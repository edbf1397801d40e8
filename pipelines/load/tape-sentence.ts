import { DAY } from '../../src/domain/time.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';

/** A problem of a tape as a sentence for its reader: where, what, and what was made of it. */
export function tapeSentence(problem: TapeProblem): string {
  switch (problem.kind) {
    case 'badLine':
      return `${problem.path}:${problem.line}: ${problem.why}, was ${problem.excerpt}`;
    case 'empty':
      return `${problem.path}: holds no whole frame; left out`;
    case 'repeated':
      return `${problem.path}: is named more than once; replayed once`;
    case 'damaged': {
      const { path, afterLine, why, bytes, goesOn } = problem;
      return `${path}: damaged after line ${afterLine} (${why}); ${bytes} bytes of the file left out, ${goesOn ? 'and read on after them' : 'replayed up to there'}`;
    }
    case 'jump':
      return `${problem.path}:${problem.line}: time leaps by ${(problem.micros / DAY).toFixed(1)} days here; a new session begins`;
    case 'backwards':
      return `${problem.path}: ${problem.lines} lines were stamped before the line above them, by up to ${problem.largestMicros} µs`;
  }
}
