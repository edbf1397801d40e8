import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { type Venue, venueNames } from '../../src/domain/venues.ts';
import { type MergeCounts, mergeCopies } from '../../src/tape/merge-copies.ts';
import { mergeVenue } from '../../src/tape/merge-venue.ts';
import { tapeFiles } from '../../src/tape/sessions.ts';
import { marksOf } from '../edges/codecs.ts';
import { tapeSentence } from '../load/tape-sentence.ts';
import { writeNewTape } from './slice.ts';
import { wholeFrames } from './whole-frames.ts';

/** Recordings to merge: each a tape, or a folder with the parts of one recording. */
export interface MergeOptions {
  readonly recordings: readonly string[];
  readonly out: string;
  /** The file of settings that the recordings kept, copied beside the new tape. */
  readonly keptIn: string | undefined;
  readonly note?: (sentence: string) => void;
}

/** What came of a merge. `copies` says that the recordings are copies of one, not of connections of their own. */
export interface MergeResult extends Readonly<MergeCounts> {
  readonly out: string;
  readonly copies: boolean;
  readonly frames: number;
}

type Batches = AsyncIterable<readonly Frame[]>;
/** Opens a recording from its beginning; each merge reads it as often as it needs. */
type Open = () => Batches;

interface Extent {
  readonly firstAt: Micros;
  readonly lastAt: Micros;
}

/** Refused: what one account did cannot be merged with what another did. */
const OF_ACCOUNT: ReadonlySet<Frame['kind']> = new Set(['request', 'carried', 'command']);

const venueOf = (frame: Frame): Venue | undefined =>
  frame.kind === 'wire' || frame.kind === 'rest' || frame.kind === 'connection' || frame.kind === 'clock'
    ? frame.venue
    : undefined;

/** From when until when a recording goes. Throws one sentence for one that holds a lane's own orders. */
async function extentOf(name: string, open: Open): Promise<Extent> {
  let firstAt: Micros | undefined;
  let lastAt: Micros = 0;
  for await (const batch of open())
    for (const frame of batch) {
      firstAt ??= frame.at;
      lastAt = frame.at;
      if (OF_ACCOUNT.has(frame.kind))
        throw new Error(
          `tape: ${name} is of a lane that trades (it holds a ${frame.kind}), and only recordings of public data can be merged`,
        );
    }
  if (firstAt === undefined) throw new Error(`tape: ${name} holds no frame`);
  return { firstAt, lastAt };
}

async function* texts(open: Open, from: Micros, to: Micros): AsyncGenerator<readonly [Micros, string]> {
  for await (const batch of open())
    for (const frame of batch)
      if (frame.kind === 'wire' && frame.at >= from) {
        if (frame.at > to) return;
        yield [frame.at, frame.text];
      }
}

/**
 * True if two recordings are copies of one: at least half of the texts of the second, in the time that both
 * cover, came to the first at the same microsecond.
 */
async function areCopies(a: Open, b: Open, from: Micros, to: Micros): Promise<boolean> {
  const first = texts(a, from, to);
  let step = await first.next();
  let at: Micros = -1;
  let here = new Set<string>();
  let [same, all] = [0, 0];
  for await (const [time, text] of texts(b, from, to)) {
    if (time !== at) {
      at = time;
      here = new Set();
      for (; !step.done && step.value[0] <= time; step = await first.next())
        if (step.value[0] === time) here.add(step.value[1]);
    }
    all++;
    if (here.has(text)) same++;
  }
  await first.return(undefined);
  return all > 0 && 2 * same >= all;
}

const only = (open: Open, passes: (frame: Frame) => boolean): Open =>
  async function* () {
    for await (const batch of open()) yield batch.filter(passes);
  };

/** Streams of frames as one, by time; of equal times the earlier stream first. */
async function* byTime(streams: readonly AsyncIterator<Frame>[]): AsyncGenerator<readonly Frame[]> {
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    let least: { readonly i: number; readonly frame: Frame } | undefined;
    for (const [i, head] of heads.entries())
      if (!head.done && (!least || head.value.at < least.frame.at)) least = { i, frame: head.value };
    if (!least) return;
    yield [least.frame];
    heads[least.i] = (await streams[least.i]?.next()) as IteratorResult<Frame>;
  }
}

/** Frames of no venue: those of the first recording, and of the second where the first has nothing. */
async function* ownFrames(a: Open, b: Open, first: Extent): AsyncGenerator<Frame> {
  const outside = only(b, ({ at }) => at < first.firstAt || at > first.lastAt);
  const single = async function* (open: Open): AsyncGenerator<Frame> {
    for await (const batch of open()) yield* batch;
  };
  for await (const batch of byTime([single(a), single(outside)])) yield* batch;
}

function mergedTwo(a: Open, b: Open, first: Extent, copies: boolean, counts: MergeCounts): Open {
  if (copies) return () => mergeCopies(a(), b(), marksOf(), counts);
  return () =>
    byTime([
      ownFrames(
        only(a, (frame) => venueOf(frame) === undefined),
        only(b, (frame) => venueOf(frame) === undefined),
        first,
      ),
      ...venueNames.map((venue) => {
        const of = (frame: Frame): boolean => venueOf(frame) === venue;
        return mergeVenue(only(a, of)(), only(b, of)(), () => marksOf()[venue], counts);
      }),
    ]);
}

/**
 * Merges recordings of the same feeds to one, given as openers: copies of one recording by their lines, else
 * by what the venues say of their messages. Throws one sentence where they cannot be merged.
 */
export async function mergedFrames(
  recordings: readonly { readonly name: string; readonly open: Open }[],
): Promise<{ readonly frames: Batches; readonly copies: boolean; readonly counts: MergeCounts }> {
  const counts: MergeCounts = { both: 0, onlyFirst: 0, onlySecond: 0, leftOut: 0, holes: 0 };
  const [first, ...others] = recordings;
  if (!first || others.length === 0)
    throw new Error('tape: two recordings or more are needed, each a tape or a folder of its parts');
  let open = first.open;
  let extent = await extentOf(first.name, open);
  let copies = true;
  for (const [i, other] of others.entries()) {
    const its = await extentOf(other.name, other.open);
    const same = await areCopies(
      first.open,
      other.open,
      Math.max(extent.firstAt, its.firstAt),
      Math.min(extent.lastAt, its.lastAt),
    );
    copies &&= same;
    // Only the last merge's counts are told: it sees the frames of all.
    const own = i === others.length - 1 ? counts : { ...counts };
    open = mergedTwo(open, other.open, extent, same, own);
    extent = {
      firstAt: Math.min(extent.firstAt, its.firstAt),
      lastAt: Math.max(extent.lastAt, its.lastAt),
    };
  }
  return { frames: open(), copies, counts };
}

/** Merges recordings to a new tape. Nothing is overwritten, and nothing stays if it cannot be finished. */
export async function mergeTapes(options: MergeOptions): Promise<MergeResult> {
  const { recordings, out, keptIn, note = () => {} } = options;
  const opened = await Promise.all(
    recordings.map(async (name) => {
      const files = await tapeFiles([name], (problem) => note(tapeSentence(problem)));
      return { name, open: () => wholeFrames(files) };
    }),
  );
  const { frames, copies, counts } = await mergedFrames(opened);
  let written = 0;
  const counted = async function* (): AsyncGenerator<readonly Frame[]> {
    for await (const batch of frames) {
      written += batch.length;
      yield batch;
    }
  };
  await writeNewTape(out, counted(), { keptIn, none: 'tape: the recordings hold no frame' });
  return { out, copies, frames: written, ...counts };
}
