import type { Frame } from '../domain/frame.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import type { FrameMark, FrameNumbers, MarkReader } from '../transport/frame-mark.ts';
import type { MergeCounts } from './merge-copies.ts';

/** A message that one recording has and the other has not within this time was lost by the other. */
const WINDOW = 2 * SECOND;
/** Identities of messages without a stamp that are remembered. */
const MOST_EVENTS = 16_384;

interface Item {
  readonly frame: Frame;
  readonly mark: FrameMark;
  readonly numbers: FrameNumbers | undefined;
  /** Equal for messages that say the same. */
  readonly token: string;
}

/** Where a recording's numbers of a channel stand against the merged ones. */
interface Reference {
  seq: number;
  merged: number;
}

/** One of the two recordings, read some seconds ahead. */
interface Side {
  readonly primary: boolean;
  readonly read: AsyncIterator<readonly Frame[]>;
  readonly items: Item[];
  /** When the messages of each token among `items` came, oldest first. */
  readonly ahead: Map<string, Micros[]>;
  readonly references: Map<string, Reference>;
  readonly marks: MarkReader;
  ended: boolean;
  begun: boolean;
  connected: boolean;
}

const OWN: FrameMark = { kind: 'own' };
const CONNECTED: ReadonlySet<string> = new Set(['opened', 'live', 'resyncing']);

function itemOf(frame: Frame, marks: MarkReader): Item {
  if (frame.kind !== 'wire') {
    const { at: _, ...rest } = frame;
    return { frame, mark: OWN, numbers: undefined, token: JSON.stringify(rest) };
  }
  const { text } = frame;
  const mark = marks.mark(text);
  const token =
    mark.kind === 'ordered'
      ? `${mark.key} ${mark.at} ${mark.identity}`
      : mark.kind === 'event'
        ? mark.identity
        : (marks.renumbered?.(text, 0, 0) ?? text);
  return { frame, mark, numbers: marks.numbers?.(text), token };
}

/** True for what is kept of the first recording alone: its answers, its clock, a venue's signs of life. */
const isKept = ({ frame, numbers }: Item): boolean =>
  frame.kind === 'rest' || frame.kind === 'clock' || (frame.kind === 'wire' && !numbers);

/** Reads on until a frame of `until` or later is there. */
async function fill(side: Side, until: Micros): Promise<void> {
  while (!side.ended && (side.items.at(-1)?.frame.at ?? Number.NEGATIVE_INFINITY) <= until) {
    const step = await side.read.next();
    if (step.done) side.ended = true;
    else
      for (const frame of step.value) {
        const item = itemOf(frame, side.marks);
        side.items.push(item);
        const times = side.ahead.get(item.token);
        if (times) times.push(frame.at);
        else side.ahead.set(item.token, [frame.at]);
      }
  }
}

function taken(side: Side, index = 0): Item {
  const [item] = side.items.splice(index, 1) as [Item];
  const times = side.ahead.get(item.token);
  times?.shift();
  if (times?.length === 0) side.ahead.delete(item.token);
  side.begun = true;
  if (item.frame.kind === 'connection') side.connected = CONNECTED.has(item.frame.change);
  else if (item.frame.kind === 'wire') side.connected = true;
  return item;
}

/**
 * Merges two recordings of one venue's feed, each over a connection of its own, to one that has each message
 * once. Messages are told by what the venue says of them, not by when they came: the two are laid beside each
 * other, some seconds at a time, and what one lacks is put between the same neighbours. Within a key nothing
 * goes back. Sequence numbers are written anew, one numbering for each channel; a hole that both have stays a
 * hole. What is of one connection only (its end, its replies, a snapshot of a book that is known) is left out
 * while the other connection is there. `counts` is counted up.
 */
export async function* mergeVenue(
  first: AsyncIterable<readonly Frame[]>,
  second: AsyncIterable<readonly Frame[]>,
  marks: () => MarkReader,
  counts: MergeCounts,
): AsyncGenerator<Frame> {
  const side = (from: AsyncIterable<readonly Frame[]>, primary: boolean): Side => ({
    primary,
    read: from[Symbol.asyncIterator](),
    items: [],
    ahead: new Map(),
    references: new Map(),
    marks: marks(),
    ended: false,
    begun: false,
    connected: false,
  });
  const [one, two] = [side(first, true), side(second, false)];
  const writer = marks();
  const sids = new Map<string, number>();
  const merged = new Map<string, number>();
  const cursors = new Map<string, Micros>();
  const events = new Set<string>();
  /** Keys whose state is known from a whole message, and who gave it where the other has none. */
  const known = new Map<string, Side | undefined>();
  let lastAt: Micros = Number.NEGATIVE_INFINITY;

  const expected = (of: Side, { numbers }: Item): number | undefined => {
    const reference = numbers && of.references.get(numbers.channel);
    return reference && numbers.seq !== undefined && numbers.seq > reference.seq
      ? reference.merged + numbers.seq - reference.seq
      : undefined;
  };
  const there = ({ begun, connected, ended, items }: Side): boolean =>
    begun && connected && !(ended && items.length === 0);

  /** Why a message that only `of` has is left out, or undefined if it is to be given. */
  const leftOut = (item: Item, of: Side, other: Side): 'late' | 'own' | undefined => {
    const { mark } = item;
    switch (mark.kind) {
      case 'ordered': {
        const owner = known.get(mark.key);
        if (mark.at < (cursors.get(mark.key) ?? Number.NEGATIVE_INFINITY)) return 'late';
        // A snapshot of the other may hold it already, unless the numbers say that it comes after. Where a
        // venue does not number its messages, its checksums and trade ids tell.
        const isAfter = !item.numbers || (expected(of, item) ?? 0) > (merged.get(item.numbers.channel) ?? 0);
        return owner === other && there(other) && !isAfter ? 'late' : undefined;
      }
      case 'event':
        return events.has(mark.identity) ? 'late' : undefined;
      case 'whole':
        return there(other) && known.has(mark.key) ? 'own' : undefined;
      case 'own':
        return there(other) && !(of.primary && isKept(item)) ? 'own' : undefined;
    }
  };
  const drop = (item: Item, of: Side, why: 'late' | 'own'): void => {
    counts.leftOut++;
    const { numbers } = item;
    const reference = numbers && of.references.get(numbers.channel);
    if (!reference || numbers.seq === undefined) return;
    if (why === 'own' && numbers.seq === reference.seq + 1) reference.seq = numbers.seq;
    else of.references.delete(numbers.channel);
  };
  const sidOf = ({ channel, sid }: FrameNumbers): number => {
    const given = sids.get(channel);
    if (given !== undefined) return given;
    const used = new Set(sids.values());
    let free = sid;
    while (used.has(free)) free++;
    sids.set(channel, free);
    return free;
  };
  const forgetKeys = (): void => known.clear();

  /** A message in the merged numbering; `from` are the recordings that have it, with their own forms of it. */
  const give = (from: readonly (readonly [Side, Item])[]): Frame => {
    const [[source, item]] = from as readonly [readonly [Side, Item]];
    const { frame, mark } = item;
    if (mark.kind === 'ordered') {
      cursors.set(mark.key, mark.at);
      if (from.length > 1 && known.has(mark.key)) known.set(mark.key, undefined);
    }
    if (mark.kind === 'event') {
      events.add(mark.identity);
      const [oldest] = events.size > MOST_EVENTS ? events : [];
      if (oldest !== undefined) events.delete(oldest);
    }
    lastAt = Math.max(
      lastAt,
      Math.min(
        ...from.map(
          ([
            ,
            {
              frame: { at },
            },
          ]) => at,
        ),
      ),
    );
    if (frame.kind === 'connection' && (frame.change === 'closed' || frame.change === 'shed')) forgetKeys();
    const { numbers } = item;
    if (frame.kind !== 'wire' || !numbers || !writer.renumbered) {
      if (mark.kind === 'whole') known.set(mark.key, from.length > 1 ? undefined : source);
      return { ...frame, at: lastAt };
    }
    const { channel } = numbers;
    const before = merged.get(channel) ?? 0;
    let seq: number | undefined;
    if (numbers.seq === undefined) {
      // A reply that a subscription was granted begins its numbers anew.
      if (mark.kind === 'own') {
        merged.delete(channel);
        forgetKeys();
      }
    } else {
      const anew = from.every(([of, { numbers: n }]) => n?.seq === 1 && of.references.has(channel));
      const alone = from.length > 1 || !there(source === one ? two : one);
      if (anew && alone) {
        seq = 1;
        forgetKeys();
      } else {
        const wanted = Math.max(0, ...from.map(([of, each]) => expected(of, each) ?? 0));
        seq = Math.max(before + 1, wanted);
        if (before > 0 && seq > before + 1) {
          counts.holes++;
          forgetKeys();
        }
      }
      merged.set(channel, seq);
      for (const [of, { numbers: n }] of from)
        if (n?.seq !== undefined) of.references.set(channel, { seq: n.seq, merged: seq });
    }
    if (mark.kind === 'whole') known.set(mark.key, from.length > 1 ? undefined : source);
    return { ...frame, at: lastAt, text: writer.renumbered(frame.text, sidOf(numbers), seq) };
  };

  /** True if `b` is the earlier of two twins, of which each recording has lost another one. */
  const splitTwins = (a: Item, sideA: Side, b: Item, sideB: Side): boolean => {
    const [x, y] = [expected(sideA, a), expected(sideB, b)];
    if (x === undefined || y === undefined || y >= x) return false;
    const channel = b.numbers?.channel;
    const next = sideB.items.slice(1).find(({ numbers }) => numbers?.channel === channel);
    const hole = (next?.numbers?.seq ?? 0) - (b.numbers?.seq ?? 0);
    const [reference] = [sideA.references.get(channel ?? '')];
    return hole > 1 && (a.numbers?.seq ?? 0) - (reference?.seq ?? 0) > 1;
  };
  /** True if `a` comes first of two messages that are each lost by the other recording. */
  const isFirst = (a: Item, b: Item): boolean => {
    if (
      a.mark.kind === 'ordered' &&
      b.mark.kind === 'ordered' &&
      a.mark.key === b.mark.key &&
      a.mark.at !== b.mark.at
    )
      return a.mark.at < b.mark.at;
    if (a.numbers && a.numbers.channel === b.numbers?.channel) {
      const [x, y] = [expected(one, a), expected(two, b)];
      if (x !== undefined && y !== undefined && x !== y) return x < y;
    }
    return a.frame.at <= b.frame.at;
  };

  for (;;) {
    await fill(one, Number.NEGATIVE_INFINITY);
    await fill(two, Number.NEGATIVE_INFINITY);
    const headAt = Math.min(one.items[0]?.frame.at ?? Infinity, two.items[0]?.frame.at ?? Infinity);
    if (headAt === Infinity) return;
    await fill(one, headAt + WINDOW);
    await fill(two, headAt + WINDOW);
    const [a, b] = [one.items[0], two.items[0]];
    let alone: readonly [Side, Side];
    if (!a || !b) alone = a ? [one, two] : [two, one];
    else {
      if (a.token === b.token && (a.mark.kind !== 'own' || Math.abs(a.frame.at - b.frame.at) <= WINDOW)) {
        if (splitTwins(a, one, b, two)) alone = [two, one];
        else if (splitTwins(b, two, a, one)) alone = [one, two];
        else {
          counts.both++;
          yield give([
            [one, taken(one)],
            [two, taken(two)],
          ]);
          continue;
        }
      } else {
        // What is of one connection only has a match where it stands, or none.
        const near = (item: Item, in_: Side): boolean =>
          item.mark.kind !== 'own' &&
          (in_.ahead.get(item.token)?.[0] ?? Number.POSITIVE_INFINITY) <= headAt + WINDOW;
        const [aToo, bToo] = [near(a, two), near(b, one)];
        if (aToo && bToo) {
          // The two came in another order: the one that came first decides.
          const [of, other] = a.frame.at <= b.frame.at ? [one, two] : [two, one];
          const item = taken(of);
          const twin = other.items.findIndex(({ token }) => token === item.token);
          counts.both++;
          yield give([
            [of, item],
            [other, taken(other, twin)],
          ]);
          continue;
        }
        alone = aToo || (!bToo && !isFirst(a, b)) ? [two, one] : [one, two];
      }
    }
    const [of, other] = alone;
    const item = taken(of);
    const why = leftOut(item, of, other);
    if (why !== undefined) {
      drop(item, of, why);
      continue;
    }
    if (of.primary) counts.onlyFirst++;
    else counts.onlySecond++;
    yield give([[of, item]]);
  }
}
