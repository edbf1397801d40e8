import { cleanPoint } from './clean-point.ts';
import type { InfluxOutcome, InfluxWriter, NanoPoint } from './influx-writer.ts';
import { nanosOf } from './nanos.ts';
import type { Point } from './point.ts';
import { ring } from './ring.ts';
import type { TelemetrySettings } from './settings.ts';
import { type After, wallAfter } from './timers.ts';
import { troubles } from './troubles.ts';

/** Counts since the sink was opened. Every point is written, dropped, refused, empty, queued or in flight. */
export interface InfluxStats {
  readonly written: number;
  /**
   * Points shed because the queue was full, given after closing, or left over when closing ran out of time.
   */
  readonly dropped: number;
  /** Points of batches that the database refused. It may have stored the valid points of such a batch. */
  readonly refused: number;
  /** Points without any finite field. */
  readonly empty: number;
  readonly queued: number;
  readonly inFlight: number;
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
  /** Tags added to every point, such as the lane. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly after?: After;
  /**
   * Called when the database goes from working to failing, and when it refuses a batch; a trouble that comes
   * again is told at the tenth time, the hundredth and so on, and in the end.
   */
  readonly onTrouble?: (why: string) => void;
}

/**
 * A sink with a bounded queue of points. A batch is sent when it is large or old enough, a few batches at a
 * time. A batch that fails in the network or the server is sent again after a doubling wait; this is safe
 * because a point is identified by its series and time. A refused batch is counted and dropped. The sink
 * creates the database before the first batch, and again if it disappears.
 */
export function influxSink({
  writer,
  settings,
  tags = {},
  after = wallAfter,
  onTrouble = () => {},
}: InfluxSinkOptions): InfluxSink {
  const queue = ring<NanoPoint>(settings.queuePoints);
  const nanos = nanosOf();
  const alarms = new Map<() => void, () => void>();
  const told = troubles(onTrouble);
  let written = 0;
  let dropped = 0;
  let refused = 0;
  let empty = 0;
  let retries = 0;
  let sending = 0;
  let batches = 0;
  let trouble: string | undefined;
  let well = true;
  let databaseReady = false;
  let state: 'open' | 'closing' | 'closed' = 'open';
  let drained = (): void => {};
  /** How many points at the head of the queue have waited long enough to go in a batch of any size. */
  let due = 0;
  let collecting: 'no' | 'aging' | 'full' = 'no';
  let stopCollecting = (): void => {};

  const unwell = (why: string, report: boolean): void => {
    trouble = why;
    if (report) told.add(why);
  };

  const alarm = (millis: number, run: () => void): (() => void) => {
    const cancel = after(millis, () => {
      alarms.delete(run);
      run();
    });
    alarms.set(run, cancel);
    return () => {
      alarms.delete(run);
      cancel();
    };
  };

  const limited = (work: Promise<InfluxOutcome>): Promise<InfluxOutcome> =>
    new Promise((resolve) => {
      const why = `no answer within ${settings.requestMillis} ms`;
      const cancel = alarm(settings.requestMillis, () =>
        resolve({ kind: 'failed', why, databaseMissing: false }),
      );
      void work.then((outcome) => {
        cancel();
        resolve(outcome);
      });
    });

  const attempt = async (batch: readonly NanoPoint[]): Promise<InfluxOutcome> => {
    if (!databaseReady) {
      const created = await limited(writer.createDatabase());
      if (created.kind === 'failed') return created;
      // A user who may not create a database may still write to one.
      if (created.kind === 'refused') unwell(`creating the database was refused: ${created.why}`, true);
      databaseReady = true;
    }
    return limited(writer.write(batch));
  };

  const pauses = new Set<() => void>();
  const pause = (millis: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        pauses.delete(end);
        resolve();
      };
      pauses.add(end);
      alarm(millis, end);
    });

  const send = async (batch: readonly NanoPoint[]): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const outcome = await attempt(batch);
      if (state === 'closed') return;
      if (outcome.kind === 'done') {
        well = true;
        written += batch.length;
        return;
      }
      if (outcome.kind === 'refused') {
        refused += batch.length;
        unwell(outcome.why, true);
        return;
      }
      if (outcome.databaseMissing) databaseReady = false;
      unwell(outcome.why, well);
      well = false;
      await pause(Math.min(settings.retryFirstMillis * 2 ** tries, settings.retryMaxMillis));
      retries += 1;
    }
  };

  const pump = (): void => {
    while (
      batches < settings.inFlight &&
      queue.size() > 0 &&
      (due > 0 || queue.size() >= settings.batchPoints)
    ) {
      const batch = queue.take(settings.batchPoints);
      due = Math.max(0, due - batch.length);
      batches += 1;
      sending += batch.length;
      void send(batch).then(() => {
        if (state === 'closed') return;
        batches -= 1;
        sending -= batch.length;
        pump();
      });
    }
    if (queue.size() > 0) collect();
    else if (batches === 0) drained();
  };

  // Batches are made by a timer, never within `write`: serialising a thousand points takes milliseconds, and
  // the graph should not wait for it.
  const collect = (): void => {
    if (batches >= settings.inFlight) return;
    const wanted = queue.size() >= settings.batchPoints ? 'full' : 'aging';
    if (collecting === 'full' || collecting === wanted) return;
    stopCollecting();
    collecting = wanted;
    stopCollecting = alarm(wanted === 'full' ? 0 : settings.batchMillis, () => {
      collecting = 'no';
      if (wanted === 'aging') due = Math.max(due, queue.size());
      pump();
    });
  };

  const accept = (given: Point): void => {
    const point = cleanPoint({ ...given, tags: { ...given.tags, ...tags } });
    if (!point) empty += 1;
    else if (queue.push({ ...point, nanos: nanos(point) })) dropped += 1;
  };

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
      dropped,
      refused,
      empty,
      queued: queue.size(),
      inFlight: sending,
      retries,
      trouble,
    }),
    close: async () => {
      if (state !== 'open') return;
      state = 'closing';
      due = Number.POSITIVE_INFINITY;
      await new Promise<void>((resolve) => {
        drained = resolve;
        alarm(settings.closeMillis, resolve);
        // A batch that waits for its next try is sent now, since the sink is closing.
        for (const end of pauses) end();
        pump();
      });
      state = 'closed';
      for (const cancel of alarms.values()) cancel();
      dropped += queue.take(queue.size()).length + sending;
      sending = 0;
      told.end();
      writer.close();
    },
  };
}
