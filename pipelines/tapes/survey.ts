import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Subject } from 'rxjs';
import type { Gap } from '../../src/domain/events/venue.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { perVenue, type Venue } from '../../src/domain/venues.ts';
import type { TapeSegment } from '../../src/tape/line.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { jsonOf } from '../../src/transport/json-of.ts';
import { type AssembleSettings, assemble } from '../assemble.ts';
import { tapeSentence } from '../load/tape-sentence.ts';

/** A gap that the books or trades of a tape found, and no line of the tape announced. */
type FoundGap = Extract<Gap['cause'], 'sequence' | 'checksum' | 'tradeId' | 'negativeLevel'>;

/** What one tape holds, and what is wrong with it. Times are microseconds since the epoch. */
export interface TapeSurvey {
  readonly path: string;
  /** Undefined for a tape without a frame. */
  readonly firstAt: Micros | undefined;
  readonly lastAt: Micros | undefined;
  /** Texts and REST answers of each venue. */
  readonly frames: Readonly<Record<Venue, number>>;
  /** Lines of our own: sessions, connections, commands and the like. */
  readonly ownFrames: number;
  readonly segment: TapeSegment | undefined;
  readonly sessions: number;
  /** Holes that nothing on the tape announces, by what showed them. */
  readonly gaps: Readonly<Record<FoundGap, number>>;
  /** Connections that ended, and times that frames were shed: losses that the tape announces. */
  readonly closed: number;
  readonly shed: number;
  /** Messages of spot books whose checksum was compared. */
  readonly checksums: number;
  readonly badLines: number;
  /** Events that a codec could not read. */
  readonly rejected: number;
  /** False if bytes of a gzip file are of no sound member, or the index tells of another file. */
  readonly whole: boolean;
  /** The first problems, one sentence each. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 20;
const iso = (at: Micros): string => new Date(at / 1000).toISOString();

/** What `INDEX.ndjson` beside a tape says of it: its size and checksum. Undefined if it says nothing. */
function indexed(path: string): { readonly bytes: number; readonly sha256: string } | undefined {
  const index = join(dirname(path), 'INDEX.ndjson');
  if (!existsSync(index)) return undefined;
  for (const text of readFileSync(index, 'utf8').split('\n')) {
    const line = jsonOf(text) as
      | { readonly file?: unknown; readonly bytes?: unknown; readonly sha256?: unknown }
      | null
      | undefined;
    if (line?.file === basename(path) && typeof line.bytes === 'number' && typeof line.sha256 === 'string')
      return { bytes: line.bytes, sha256: line.sha256 };
  }
  return undefined;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

async function indexProblem(path: string): Promise<string | undefined> {
  const line = indexed(path);
  if (!line) return undefined;
  const { size } = statSync(path);
  if (size !== line.bytes) return `${path}: has ${size} bytes, and INDEX.ndjson tells of ${line.bytes}`;
  const sha256 = await sha256Of(path);
  return sha256 === line.sha256
    ? undefined
    : `${path}: its SHA-256 is ${sha256}, and INDEX.ndjson tells of ${line.sha256}`;
}

/**
 * Reads one tape to its end through the codecs, books and trades of the graph, so that every line is decoded,
 * and every sequence, trade id and checksum compared. Throws the file system's errors.
 */
export async function surveyTape(path: string, settings: AssembleSettings): Promise<TapeSurvey> {
  const problems: string[] = [];
  const tell = (sentence: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(sentence);
  };
  const frames: Record<Venue, number> = perVenue(() => 0);
  const gaps: Record<FoundGap, number> = { sequence: 0, checksum: 0, tradeId: 0, negativeLevel: 0 };
  const count = { own: 0, sessions: 0, closed: 0, shed: 0, checksums: 0, bad: 0, rejected: 0 };
  let segment: TapeSegment | undefined;
  let firstAt: Micros | undefined;
  let lastAt: Micros | undefined;
  let whole = true;
  const note = (problem: TapeProblem): void => {
    if (problem.kind === 'badLine') count.bad++;
    if (problem.kind === 'damaged') whole = false;
    tell(tapeSentence(problem));
  };

  const frame$ = new Subject<Frame>();
  const running = frame$.pipe(assemble(settings)).subscribe((event) => {
    if (event.kind === 'rejected') {
      count.rejected++;
      tell(
        `${path}: at ${iso(event.receivedAt)} ${event.venue} sent what cannot be read: ${event.why}, was ${event.excerpt}`,
      );
    } else if (event.kind === 'krakenBookChecked' && event.verdict !== 'ignored') count.checksums++;
    else if (event.kind === 'gap' && event.cause in gaps) {
      gaps[event.cause as FoundGap]++;
      tell(
        `${path}: at ${iso(event.receivedAt)} a hole at ${event.venue}, ${event.cause} of ${event.scope}: ${event.detail}`,
      );
    }
  });
  try {
    for await (const batch of readTape(path, note, (read) => {
      segment ??= read;
    })) {
      for (const frame of batch) {
        if (frame.kind === 'wire' || frame.kind === 'rest') frames[frame.venue]++;
        else count.own++;
        if (frame.kind === 'session') count.sessions++;
        if (frame.kind === 'connection' && (frame.change === 'closed' || frame.change === 'shed'))
          count[frame.change]++;
        frame$.next(frame);
      }
      firstAt ??= batch[0]?.at;
      lastAt = batch.at(-1)?.at ?? lastAt;
    }
  } finally {
    running.unsubscribe();
  }
  const misfit = await indexProblem(path);
  if (misfit !== undefined) {
    whole = false;
    tell(misfit);
  }
  if (firstAt === undefined) {
    whole = false;
    tell(`${path}: holds no frame`);
  }
  const { own: ownFrames, bad: badLines, ...counted } = count;
  return { path, firstAt, lastAt, frames, ownFrames, segment, gaps, ...counted, badLines, whole, problems };
}

/** True if nothing is wrong with a tape: what it says of its own losses is no fault of it. */
export const isSound = ({ gaps, badLines, rejected, whole }: TapeSurvey): boolean =>
  whole && badLines === 0 && rejected === 0 && Object.values(gaps).every((found) => found === 0);
