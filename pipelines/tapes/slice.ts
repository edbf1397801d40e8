import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { LAKE_ENDING } from '../../src/tape/lake/lake-manifest.ts';
import { nameOf, tapeFiles } from '../../src/tape/sessions.ts';
import { writeTape } from '../../src/tape/write.ts';
import { writeAllSync } from '../../src/tape/write-all.ts';
import { tapeSentence } from '../load/tape-sentence.ts';
import { settingsFileOf } from '../run/keep-settings.ts';
import { type CutTotals, cut } from './cut.ts';
import { wholeFrames } from './whole-frames.ts';

/** What to cut from which tapes. */
export interface SliceOptions {
  readonly tapes: readonly string[];
  readonly from: Micros;
  readonly to: Micros;
  readonly out: string;
  readonly settings: Settings;
  /** The file of settings that the recording kept, copied beside the new tape; undefined if it kept none. */
  readonly keptIn: string | undefined;
  readonly note?: (sentence: string) => void;
}

const isThere = (cause: unknown): boolean => (cause as NodeJS.ErrnoException).code === 'EEXIST';

/** Copies a text to a new file, whole or not at all. Throws EEXIST if it is there. */
function copyNew(from: string, to: string): void {
  const bytes = readFileSync(from);
  const file = openSync(to, 'wx');
  try {
    writeAllSync(file, bytes);
  } catch (cause) {
    rmSync(to, { force: true });
    throw cause;
  } finally {
    closeSync(file);
  }
}

/** The frames one by one. Throws one sentence if there is none. */
async function* single(batches: AsyncIterable<readonly Frame[]>, none: string): AsyncGenerator<Frame> {
  let any = false;
  for await (const batch of batches) {
    any ||= batch.length > 0;
    yield* batch;
  }
  if (!any) throw new Error(none);
}

/**
 * Writes frames as a new tape with the settings of its recording beside it. Nothing is overwritten, and
 * nothing stays if it cannot be finished. Throws one sentence if a file is there already, or no frame came.
 */
export async function writeNewTape(
  out: string,
  batches: AsyncIterable<readonly Frame[]>,
  { keptIn, none }: { readonly keptIn: string | undefined; readonly none: string },
): Promise<void> {
  const name = nameOf(out);
  const kept = settingsFileOf(dirname(out), name);
  for (const path of [out, ...(keptIn === undefined ? [] : [kept])])
    if (existsSync(path)) throw new Error(`tape: ${path} is there already; name another --out`);
  let copied = false;
  try {
    if (keptIn !== undefined) {
      copyNew(keptIn, kept);
      copied = true;
    }
    await writeTape(out, single(batches, none), {
      fresh: true,
      ...(keptIn !== undefined && { segment: { kind: 'segment', session: name, part: 1 } }),
    });
  } catch (cause) {
    if (copied) rmSync(kept, { force: true });
    throw isThere(cause) ? new Error(`tape: ${out} is there already; name another --out`, { cause }) : cause;
  }
}

/**
 * Cuts a span of tapes to a new tape that replays: it begins with the state that the tapes had reached.
 * Throws one sentence if no frame lies in the span.
 */
export async function sliceTape(options: SliceOptions): Promise<CutTotals & { readonly out: string }> {
  const { tapes, from, to, out, settings, keptIn, note = () => {} } = options;
  const say = (problem: Parameters<typeof tapeSentence>[0]): void => note(tapeSentence(problem));
  const files = (await tapeFiles(tapes, say)).map((file) =>
    file.path.endsWith(LAKE_ENDING) ? { ...file, since: from } : file,
  );
  const totals: CutTotals = { frames: 0, opening: 0 };
  await writeNewTape(out, cut(wholeFrames(files, say), { from, to, name: nameOf(out) }, settings, totals), {
    keptIn,
    none: `tape: no frame of ${tapes.join(', ')} lies in the span that was asked for`,
  });
  return { ...totals, out };
}
