import type { Frame, WireFrame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';
import type { MarkReader } from '../transport/frame-mark.ts';
import { tapeLine } from './line.ts';

/** How many frames came from which recording of the two. */
export interface MergeCounts {
  both: number;
  onlyFirst: number;
  onlySecond: number;
  /** Frames that were left out: of one connection only, or too late to be put in their place. */
  leftOut: number;
  /** Holes that both recordings have, as far as the venues number their messages. */
  holes: number;
}

/** All frames of one time, in their order. */
async function* byTime(batches: AsyncIterable<readonly Frame[]>): AsyncGenerator<readonly Frame[]> {
  let held: Frame[] = [];
  for await (const batch of batches)
    for (const frame of batch) {
      if (held.length > 0 && held[0]?.at !== frame.at) {
        yield held;
        held = [];
      }
      held.push(frame);
    }
  if (held.length > 0) yield held;
}

/** True if `second` certainly comes before `first`: a smaller number of the same subscription. */
function comesFirst(
  first: Frame,
  second: Frame,
  numbersOf: (frame: WireFrame) => ReturnType<NonNullable<MarkReader['numbers']>>,
): boolean {
  if (first.kind !== 'wire' || second.kind !== 'wire' || first.venue !== second.venue) return false;
  const [a, b] = [numbersOf(first), numbersOf(second)];
  return a?.seq !== undefined && b?.seq !== undefined && a.sid === b.sid && b.seq < a.seq;
}

/**
 * Merges two copies of one recording: the same lines with the same times, each copy with losses of its own.
 * The result has every line that one of them has, in their order. Where lines of one microsecond were each
 * lost by the other copy, the venue's numbers give their order, else the first copy's lines come first.
 */
export async function* mergeCopies(
  first: AsyncIterable<readonly Frame[]>,
  second: AsyncIterable<readonly Frame[]>,
  marks: Readonly<Record<Venue, MarkReader>>,
  counts: MergeCounts,
): AsyncGenerator<readonly Frame[]> {
  const [one, two] = [byTime(first), byTime(second)];
  let a = (await one.next()).value as readonly Frame[] | undefined;
  let b = (await two.next()).value as readonly Frame[] | undefined;
  const timeOf = (frames: readonly Frame[] | undefined): Micros =>
    frames?.[0]?.at ?? Number.POSITIVE_INFINITY;
  while (a || b) {
    const [atA, atB] = [timeOf(a), timeOf(b)];
    if (a && atA < atB) {
      counts.onlyFirst += a.length;
      yield a;
    } else if (b && atB < atA) {
      counts.onlySecond += b.length;
      yield b;
    } else if (a && b)
      yield joined(
        a,
        b,
        (x, y) => comesFirst(x, y, ({ venue, text }) => marks[venue].numbers?.(text)),
        counts,
      );
    if (atA <= atB) a = (await one.next()).value as readonly Frame[] | undefined;
    if (atB <= atA) b = (await two.next()).value as readonly Frame[] | undefined;
  }
}

/** The shortest list that has both lists' lines in their orders. */
function joined(
  a: readonly Frame[],
  b: readonly Frame[],
  swapped: (x: Frame, y: Frame) => boolean,
  counts: MergeCounts,
): readonly Frame[] {
  const [as, bs] = [a.map(tapeLine), b.map(tapeLine)];
  // Length of what is common to both from places i and j on.
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        as[i] === bs[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const out: Frame[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    if (!x && !y) return out;
    if (x && y && as[i] === bs[j]) {
      counts.both++;
      out.push(x);
      i++;
      j++;
      continue;
    }
    const skipA = common[(i + 1) * width + j] ?? 0;
    const skipB = common[i * width + j + 1] ?? 0;
    if (x && (!y || skipA > skipB || (skipA === skipB && !swapped(x, y)))) {
      counts.onlyFirst++;
      out.push(x);
      i++;
    } else if (y) {
      counts.onlySecond++;
      out.push(y);
      j++;
    }
  }
}
