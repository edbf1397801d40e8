import type { Frame } from '../../src/domain/frame.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import type { TapeFile } from '../../src/tape/sessions.ts';
import { continues } from '../load/history-coverage.ts';
import { mendingReader } from '../load/read-mended.ts';

/**
 * All frames of tapes in the order of `files`, in batches. A session frame goes before each tape that neither
 * begins a session itself nor continues the tape before it, and holes are mended as for a replay.
 */
export async function* wholeFrames(
  files: readonly TapeFile[],
  note: (problem: TapeProblem) => void = () => {},
): AsyncGenerator<readonly Frame[]> {
  const read = mendingReader(note);
  let before: TapeFile | undefined;
  for (const file of files) {
    const goesOn = continues(before, file);
    if (!goesOn && !file.opensSession)
      yield [{ kind: 'session', at: file.firstAt, name: file.name, history: [] }];
    before = file;
    yield* read(file, goesOn);
  }
}
