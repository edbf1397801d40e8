import { alarms } from './alarms.ts';
import { failed, type InfluxOutcome } from './influx-answer.ts';
import { influxLines } from './influx-lines.ts';
import type { InfluxWriter } from './influx-writer.ts';
import { partialTexts } from './partial-write.ts';
import type { Point } from './point.ts';
import { ring } from './ring.ts';
import type { TelemetrySettings } from './settings.ts';
import type { Spill } from './spill.ts';
import { type After, wallAfter } from './timers.ts';
import { troubles } from './troubles.ts';

/**
 * Counts since the sink was opened. Every point is written, dropped, refused, empty, queued, in flight or
 * spilled, those that an earlier process left on disk included.
 */
export interface InfluxStats {
  readonly written: number;
  /**
   * Points shed because the queue or the disk's share was full or too old, given after closing, or left over
   * when closing ran out of time.
   */
  readonly dropped: number;
  /** Points that the database refused. */
  readonly refused: number;
  /** Points without any finite field. */
  readonly empty: number;
  readonly queued: number;
  readonly inFlight: number;
  /** Points that wait on disk. */
  readonly spilled: number;
  readonly retries: number;
  /** The last error. */
  readonly trouble: string | undefined;
}

/** A destination of points. */
export interface InfluxSink {
  /** Takes points and returns at once; never throws, never waits. */
  readonly write: (points: readonly Point[]) => void;
  readonly stats: () => InfluxStats;
  /** Sends the remaining points for at most `closeMillis`; later points are dropped. */
  readonly close: () => Promise<void>;
}

/** The parts of an InfluxDB sink. */
export interface InfluxSinkOptions {
  readonly writer: InfluxWriter;
  readonly settings: TelemetrySettings;
  /** Where points wait on disk while the database is away; without it they wait in memory alone. */
  readonly spill?: Spill | undefined;
  /** Tags added to every point, such as the lane. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly after?: After;
  /**
   * Called when the database goes from working to failing, and when it refuses a batch; a trouble that comes
   * again is told at the tenth time, the hundredth and so on, and in the end.
   */
  readonly onTrouble?: (why: string) => void;
}

const sizeOf = (batches: Iterable<readonly unknown[]>): number => {
  let size = 0;
  for (const { length } of batches) size += length;
  return size;
};

/**
 * A sink with a bounded queue of points. A batch is sent when it is large or old enough, a few batches at a
 * time. A batch that fails in the network or the server is sent again after a doubling wait; this is safe
 * because a point is identified by its series and time. With a `spill` such a batch goes to disk, and so does
 * what comes after it, until the database has taken all of it in its order. A refused batch is counted and
 * dropped; of one that is stored in part, the lines that were not are told and counted. The sink creates the
 * database before the first batch, and again if it disappears.
 */
export function influxSink({
  writer,
  settings,
  spill,
  tags = {},
  after = wallAfter,
  onTrouble = () => {},
}: InfluxSinkOptions): InfluxSink {
  const queue = ring<string>(settings.queuePoints);
  const lineOf = influxLines(tags);
  const timers = alarms(after);
  const told = troubles(onTrouble);
  let written = 0;
  let dropped = 0;
  let refused = 0;
  let empty = 0;
  let retries = 0;
  let trouble: string | undefined;
  let well = true;
  let databaseReady = false;
  let state: 'open' | 'closing' | 'closed' = 'open';
  const closed = (): boolean => state === 'closed';
  let drained = (): void => {};
  /** Batches on their way to the database, or from a failure to the disk. */
  const flying = new Set<readonly string[]>();
  /** The batch that is on its way from the queue to the disk. */
  let keeping: Promise<void> | undefined;
  /** Everything goes by the disk until nothing waits there. */
  let away = false;
  /** Done when every batch that was sent so far has come to its end. */
  let earlier: Promise<unknown> = Promise.resolve();
  /** How many points at the head of the queue have waited long enough to go in a batch of any size. */
  let due = 0;
  let collecting: 'no' | 'aging' | 'full' = 'no';
  let stopCollecting = (): void => {};

  const unwell = (why: string, report: boolean): void => {
    trouble = why;
    if (report) told.add(why);
  };

  const limited = (work: Promise<InfluxOutcome>): Promise<InfluxOutcome> =>
    timers.within(settings.requestMillis, work, failed(`no answer within ${settings.requestMillis} ms`));

  const attempt = async (write: () => Promise<InfluxOutcome>): Promise<InfluxOutcome> => {
    if (!databaseReady) {
      const created = await limited(writer.createDatabase());
      if (created.kind === 'failed') return created;
      // A user who may not create a database may still write to one.
      if (created.kind === 'refused') unwell(`creating the database was refused: ${created.why}`, true);
      databaseReady = true;
    }
    return limited(write());
  };

  /** Counts an outcome of `count` points; false if they may be sent again. */
  const settled = (outcome: InfluxOutcome, count: number): boolean => {
    switch (outcome.kind) {
      case 'done':
        well = true;
        written += count;
        return true;
      case 'partial':
        well = true;
        written += count - outcome.dropped;
        refused += outcome.dropped;
        for (const why of partialTexts(outcome, count)) unwell(why, true);
        return true;
      case 'refused':
        refused += count;
        unwell(outcome.why, true);
        return true;
      case 'failed':
        if (outcome.databaseMissing) databaseReady = false;
        unwell(outcome.why, well);
        well = false;
        return false;
    }
  };

  const backOff = async (tries: number): Promise<void> => {
    await timers.pause(Math.min(settings.retryFirstMillis * 2 ** tries, settings.retryMaxMillis));
  };

  const keep = async (batch: readonly string[]): Promise<void> => {
    flying.delete(batch);
    if (!(await spill?.append(batch))) dropped += batch.length;
  };

  // While batches fail, those on their way come first; while they only take long, nothing waits for them.
  const toDiskAfter = async (batch: readonly string[]): Promise<void> => {
    if (!well) await earlier;
    if (flying.has(batch)) await keep(batch);
  };

  const send = async (batch: readonly string[], before: Promise<unknown>): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const outcome = await attempt(() => writer.write(batch));
      if (closed() || settled(outcome, batch.length)) return;
      if (spill) {
        goAway(1);
        // Batches that fail together lie on disk in their order.
        await before;
        // At the end `close` keeps what has not come so far.
        if (flying.has(batch)) await keep(batch);
        goAway(1);
        return;
      }
      await backOff(tries);
      retries += 1;
    }
  };

  /** Sends what waits on disk, oldest first, until nothing does. */
  const replay = async (failures: number): Promise<void> => {
    for (let tries = failures; ; ) {
      if (tries > 0) {
        // At the end the rest stays on disk, for the next process.
        if (state !== 'open') return pump();
        await backOff(tries - 1);
        retries += 1;
      }
      const lines = await spill?.head();
      if (closed()) return;
      if (!lines) {
        if (!keeping) break;
        await keeping;
        continue;
      }
      const outcome = await attempt(() => writer.write(lines));
      if (closed()) return;
      if (settled(outcome, lines.length)) {
        tries = 0;
        await spill?.shift();
      } else tries += 1;
    }
    away = false;
    pump();
  };

  const goAway = (failures: number): void => {
    if (away || !spill) return;
    away = true;
    void replay(failures);
  };

  /** Points come faster than the database takes them. */
  const behind = (): boolean => spill !== undefined && queue.size() > settings.queuePoints / 2;
  const busy = (): boolean => (away ? keeping !== undefined : flying.size >= settings.inFlight && !behind());

  const pump = (): void => {
    while (!busy() && queue.size() > 0 && (due > 0 || queue.size() >= settings.batchPoints)) {
      const toDisk = away || flying.size >= settings.inFlight;
      const batch = queue.take(settings.batchPoints);
      due = Math.max(0, due - batch.length);
      flying.add(batch);
      const done = (toDisk ? toDiskAfter(batch) : send(batch, earlier)).then(() => {
        flying.delete(batch);
        if (keeping === done) keeping = undefined;
        if (!closed()) pump();
      });
      if (toDisk) {
        keeping = done;
        goAway(0);
      } else earlier = Promise.all([earlier, done]).then(() => undefined);
    }
    if (queue.size() > 0) collect();
    else if (flying.size === 0 && !(away && well)) drained();
  };

  // Batches are sent by a timer, never within `write`: a request of a thousand points takes milliseconds to
  // leave, and the graph should not wait for it.
  const collect = (): void => {
    if (busy()) return;
    const wanted = queue.size() >= settings.batchPoints ? 'full' : 'aging';
    if (collecting === 'full' || collecting === wanted) return;
    stopCollecting();
    collecting = wanted;
    stopCollecting = timers.set(wanted === 'full' ? 0 : settings.batchMillis, () => {
      collecting = 'no';
      if (wanted === 'aging') due = Math.max(due, queue.size());
      pump();
    });
  };

  const accept = (given: Point): void => {
    // A line at once, since a point as text is all that a queue and a disk need of it.
    const line = lineOf(given);
    if (line === undefined) empty += 1;
    else if (queue.push(line)) dropped += 1;
  };

  // What an earlier process left is older than all that comes.
  if (spill && spill.lines() > 0) goAway(0);

  return {
    write: (points) => {
      if (state !== 'open') {
        dropped += points.length;
        return;
      }
      points.forEach(accept);
      if (queue.size() > 0) collect();
    },
    stats: () => ({
      written,
      dropped: dropped + (spill?.lost() ?? 0),
      refused,
      empty,
      queued: queue.size(),
      inFlight: sizeOf(flying),
      spilled: spill?.lines() ?? 0,
      retries,
      trouble,
    }),
    close: async () => {
      if (state !== 'open') return;
      state = 'closing';
      due = Number.POSITIVE_INFINITY;
      await new Promise<void>((resolve) => {
        drained = resolve;
        timers.set(settings.closeMillis, resolve);
        // A batch that waits for its next try is sent now, since the sink is closing.
        timers.endPauses();
        pump();
      });
      state = 'closed';
      timers.clear();
      writer.close();
      const left = [...flying, queue.take(queue.size())].filter(({ length }) => length > 0);
      flying.clear();
      const kept = Promise.all(left.map(keep)).then(() => spill?.close());
      // What the disk has not taken by then is counted as spilled once it has.
      await timers.within(settings.closeMillis, kept, undefined);
      timers.clear();
      told.end();
    },
  };
}
