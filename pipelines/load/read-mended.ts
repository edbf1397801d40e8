import type { Frame } from '../../src/domain/frame.ts';
import { DAY, type Micros } from '../../src/domain/time.ts';
import type { Venue } from '../../src/domain/venues.ts';
import { lakeBlocks } from '../../src/tape/lake/lake-blocks.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import type { TapeFile } from '../../src/tape/sessions.ts';

/**
 * Reads tapes one after another and mends what a tape lacks by frames that void the state built before: after
 * a hole each venue's connection has `shed` frames, and where time leaps by days a session begins. A hole at
 * the end of a part is mended at the beginning of the next one, if that one `goesOn`.
 */
export function mendingReader(
  note: (problem: TapeProblem) => void,
): (file: TapeFile, goesOn: boolean) => AsyncGenerator<readonly Frame[]> {
  const venues = new Set<Venue>();
  let torn = false;
  return async function* ({ path, name, since }, goesOn) {
    let jumped = false;
    let lastAt: Micros | undefined;
    if (!goesOn) {
      venues.clear();
      torn = false;
    }
    const heed = (problem: TapeProblem): void => {
      if (problem.kind === 'damaged') torn = true;
      if (problem.kind === 'jump') jumped = true;
      note(problem);
    };
    const blocks = since === undefined ? undefined : lakeBlocks(path, since);
    for await (const read of readTape(path, heed, undefined, blocks)) {
      let batch = read;
      const [first] = batch;
      if (torn && first) {
        const detail = 'the tape is damaged here; the frames that were lost are not known';
        batch = [
          ...[...venues].map(
            (venue) => ({ kind: 'connection', at: first.at, venue, change: 'shed', detail }) as const,
          ),
          ...batch,
        ];
        torn = false;
      }
      if (jumped) {
        batch = batch.flatMap((frame, i): readonly Frame[] => {
          const before = batch[i - 1]?.at ?? lastAt;
          return before !== undefined && frame.at - before > DAY && frame.kind !== 'session'
            ? [{ kind: 'session', at: frame.at, name, history: [] }, frame]
            : [frame];
        });
        jumped = false;
      }
      for (const frame of batch) if (frame.kind === 'wire') venues.add(frame.venue);
      lastAt = batch.at(-1)?.at ?? lastAt;
      yield batch;
    }
  };
}
