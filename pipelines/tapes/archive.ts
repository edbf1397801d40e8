import { copyFileSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { archiveFrames } from '../../src/tape/lake/archive-frames.ts';
import { lakeBlocks } from '../../src/tape/lake/lake-blocks.ts';
import {
  LAKE_ENDING,
  type LakeManifest,
  manifestPath,
  readManifest,
  writeManifest,
} from '../../src/tape/lake/lake-manifest.ts';
import { openDuck } from '../../src/tape/lake/open-duck.ts';
import { lockFolder } from '../../src/tape/lock-folder.ts';
import { readTape } from '../../src/tape/read.ts';
import { type TapeFile, tapeFiles } from '../../src/tape/sessions.ts';
import { makeFolder } from '../../src/transport/make-folder.ts';
import { assetOfText } from '../../src/venues/asset-of-text.ts';
import { continues } from '../load/history-coverage.ts';
import { mendingReader } from '../load/read-mended.ts';
import { tapeSentence } from '../load/tape-sentence.ts';
import { modelsFileOf } from '../run/keep-models.ts';
import { settingsFileOf } from '../run/keep-settings.ts';
import { LAKE_LOCK } from './lake-lock.ts';
import { opening } from './opening.ts';

/** Tapes to archive, and the lake to keep them in. */
export interface ArchiveOptions {
  readonly tapes: readonly string[];
  readonly lake: string;
  readonly settings: Settings;
  readonly note?: (sentence: string) => void;
}

/** What came of an archiving: recordings by name, and the tapes that the lake had already. */
export interface ArchiveResult {
  readonly lake: string;
  readonly recordings: readonly {
    readonly recording: string;
    readonly frames: number;
    readonly files: number;
  }[];
  readonly already: readonly string[];
}

/** A tape and where it belongs: the recording's name in the lake, and its part there. */
interface Placed {
  readonly tape: TapeFile;
  readonly recording: string;
  readonly goesOn: boolean;
}

/** Parts that follow one another are one recording; a part whose predecessor is missing begins another. */
function placed(tapes: readonly TapeFile[], lake: string): readonly Placed[] {
  let before: TapeFile | undefined;
  let recording = '';
  return tapes.map((tape) => {
    const { segment, name } = tape;
    const kept = segment && existsSync(manifestPath(lake, segment.session));
    const known = kept ? readManifest(manifestPath(lake, segment.session)).parts : 0;
    const inLake = segment !== undefined && segment.part <= known + 1 && known > 0;
    if (inLake) recording = segment.session;
    else if (!continues(before, tape))
      recording = !segment
        ? name
        : segment.part === 1
          ? segment.session
          : `${segment.session}.${segment.part}`;
    const goesOn = continues(before, tape) || (inLake && segment.part > 1);
    before = tape;
    return { tape, recording, goesOn };
  });
}

/** Copies what a recording kept beside its tapes, so that the lake replays as they do. */
function keepBeside(tape: TapeFile, recording: string, lake: string): void {
  const session = tape.segment?.session;
  if (session === undefined) return;
  for (const fileOf of [settingsFileOf, modelsFileOf]) {
    const from = fileOf(dirname(tape.path), session);
    const to = fileOf(lake, recording);
    if (existsSync(from) && !existsSync(to)) copyFileSync(from, to);
  }
}

/**
 * Archives tapes in a lake: Parquet by venue, asset and day, which replays as the tapes do. A recording that is
 * written by parts grows in the lake; tapes that are there already are left out. Each part counts when it is whole.
 * Throws one sentence for tapes that cannot be read and for a lake that another process writes to.
 */
export async function archiveTapes(options: ArchiveOptions): Promise<ArchiveResult> {
  const { lake, settings, note = () => {} } = options;
  makeFolder(lake);
  const unlock = lockFolder(lake, LAKE_LOCK);
  const duck = await openDuck();
  const done = new Map<string, LakeManifest>();
  const already: string[] = [];
  try {
    const tapes = await tapeFiles(options.tapes, (problem) => note(tapeSentence(problem)));
    const read = mendingReader((problem) => note(tapeSentence(problem)));
    let following: { readonly recording: string; readonly state: ReturnType<typeof opening> } | undefined;
    try {
      for (const { tape, recording, goesOn } of placed(tapes, lake)) {
        if (tape.path.endsWith(LAKE_ENDING))
          throw new Error(`lake: ${tape.path} is of a lake already; name tapes to archive`);
        const path = manifestPath(lake, recording);
        const before = existsSync(path) ? readManifest(path) : undefined;
        const part = tape.segment?.part ?? 0;
        if (before && (part === 0 || part <= before.parts)) {
          already.push(tape.path);
          continue;
        }
        if (following?.recording !== recording) {
          following?.state.close();
          const state = opening(settings);
          following = { recording, state };
          // The state that the lake has reached, for the days that begin from now on.
          if (before)
            for await (const batch of readTape(
              path,
              undefined,
              undefined,
              lakeBlocks(path, Number.POSITIVE_INFINITY),
            ))
              for (const frame of batch) state.add(frame);
        }
        const { state } = following;
        const followed = {
          add: state.add,
          frames: (at: number): readonly Frame[] => state.frames(at, recording),
        };
        const assetOf = assetOfText(settings.assets);
        const archived = await archiveFrames(
          { duck, lake, recording, before, part, assetOf, followed },
          read(tape, goesOn),
        );
        if (!archived) continue;
        keepBeside(tape, recording, lake);
        writeManifest(lake, archived);
        done.set(recording, archived);
      }
    } finally {
      following?.state.close();
    }
  } finally {
    duck.close();
    unlock();
  }
  return {
    lake,
    already,
    recordings: [...done.values()].map(({ recording, frames, stretches }) => ({
      recording,
      frames,
      files: stretches.reduce((sum, { files }) => sum + files.length, 0),
    })),
  };
}
