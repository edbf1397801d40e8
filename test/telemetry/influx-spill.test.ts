import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { influxSink } from '../../src/telemetry/influx.ts';
import type { InfluxOutcome } from '../../src/telemetry/influx-answer.ts';
import type { InfluxWriter } from '../../src/telemetry/influx-writer.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
import type { Spill } from '../../src/telemetry/spill.ts';
import type { After } from '../../src/telemetry/timers.ts';

const DONE: InfluxOutcome = { kind: 'done' };
const FAILED: InfluxOutcome = { kind: 'failed', why: 'ECONNREFUSED', databaseMissing: false };
const NEVER = new Promise<InfluxOutcome>(() => {});

const points = (count: number, from = 0): Point[] =>
  Array.from({ length: count }, (_, i) => ({
    measurement: 'rejected',
    at: from + i,
    tags: { venue: 'kraken' },
    fields: { why: 'x' },
  }));
const times = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${from + i}000`);
/** The time of a line, by which these tests know a point. */
const timeOf = (line: string): string => line.slice(line.lastIndexOf(' ') + 1);

/** A spill in memory, which `left` outlives. */
function memorySpill(left: (readonly string[])[], takes = () => true): Spill {
  return {
    append: async (lines) => {
      if (!takes()) return false;
      left.push(lines.map(timeOf));
      return true;
    },
    head: async () => left[0],
    shift: async () => {
      left.shift();
    },
    lines: () => left.flat().length,
    bytes: () => left.flat().join().length,
    lost: () => 0,
    close: async () => {},
  };
}

/** A sink on a clock that moves by hand, with a database that answers as told at that time. */
function bench(
  answer: (now: number) => InfluxOutcome | Promise<InfluxOutcome>,
  left: (readonly string[])[] = [],
  overrides: object = {},
  takes?: () => boolean,
) {
  let now = 0;
  let alarms: { due: number; run: () => void }[] = [];
  const after: After = (millis, run) => {
    const alarm = { due: now + millis, run };
    alarms.push(alarm);
    return () => {
      alarms = alarms.filter((other) => other !== alarm);
    };
  };
  const stored: string[] = [];
  const told: string[] = [];
  const write: InfluxWriter['write'] = async (batch) => {
    const outcome = await answer(now);
    if (outcome.kind === 'done') stored.push(...batch.map(timeOf));
    return outcome;
  };
  const sink = influxSink({
    writer: {
      createDatabase: async () => DONE,
      write,
      close: () => {},
    },
    settings: telemetrySettings.parse({
      batchPoints: 10,
      batchMillis: 100,
      retryFirstMillis: 100,
      retryMaxMillis: 400,
      ...overrides,
    }),
    spill: memorySpill(left, takes),
    after,
    onTrouble: (why) => told.push(why),
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 5; i += 1) await setImmediate();
  };
  const advance = async (millis: number): Promise<void> => {
    const until = now + millis;
    await settle();
    for (;;) {
      const next = alarms.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      now = next.due;
      alarms = alarms.filter((other) => other !== next);
      next.run();
      await settle();
    }
    now = until;
  };
  return { sink, advance, stored, told, left, alarmsLeft: () => alarms.length };
}

describe('influxSink with a spill', () => {
  test('while the database is away points go to disk, not one is dropped, and they arrive in their order', async () => {
    const { sink, advance, stored, told } = bench((now) => (now < 10_000 ? FAILED : DONE), [], {
      queuePoints: 40,
    });
    for (let i = 0; i < 30; i += 1) {
      sink.write(points(20, 20 * i));
      await advance(100);
    }
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 0 });
    expect(sink.stats().spilled).toBeGreaterThan(500);
    await advance(20_000);
    expect(stored).toEqual(times(600));
    expect(sink.stats()).toMatchObject({ written: 600, dropped: 0, spilled: 0, queued: 0, inFlight: 0 });
    expect(told).toEqual(['ECONNREFUSED']);
    sink.write(points(5, 600));
    await advance(100);
    expect(stored).toEqual(times(605));
  });

  test('closing while the database is away is quick and leaves all of it on disk, for the next sink to send first', async () => {
    const left: (readonly string[])[] = [];
    const first = bench(() => FAILED, left, { closeMillis: 60_000 });
    first.sink.write(points(25));
    await first.advance(1000);
    first.sink.write(points(7, 25));
    const closing = first.sink.close();
    await first.advance(0);
    await closing;
    expect(first.sink.stats()).toMatchObject({ written: 0, dropped: 0, spilled: 32, queued: 0, inFlight: 0 });
    expect(first.alarmsLeft()).toBe(0);
    expect(left.flat()).toEqual(times(32));

    const second = bench(() => DONE, left);
    second.sink.write(points(3, 32));
    await second.advance(1000);
    expect(second.stored).toEqual(times(35));
    expect(second.sink.stats()).toMatchObject({ written: 35, spilled: 0 });
  });

  test('a database that goes away again while closing is not waited for', async () => {
    const left = Array.from({ length: 5 }, (_, i) => [...times(10, 10 * i)]);
    let asked = 0;
    const { sink, advance } = bench(() => (asked++ < 2 ? DONE : FAILED), left, { closeMillis: 60_000 });
    const closing = sink.close();
    await advance(200);
    await closing;
    expect(asked).toBe(3);
    expect(sink.stats()).toMatchObject({ written: 20, spilled: 30, dropped: 0 });
  });

  test('what is in flight when closing runs out of time is on disk', async () => {
    const { sink, advance, left } = bench(() => NEVER, [], { closeMillis: 1000, requestMillis: 60_000 });
    sink.write(points(35));
    const closing = sink.close();
    await advance(1000);
    await closing;
    expect(left.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(times(35));
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 0, spilled: 35, queued: 0, inFlight: 0 });
  });

  test('a database that only hangs gets what the queue cannot hold by the disk', async () => {
    const { sink, advance, stored } = bench((now) => (now < 3000 ? NEVER : DONE), [], {
      queuePoints: 40,
      requestMillis: 5000,
    });
    for (let i = 0; i < 20; i += 1) {
      sink.write(points(15, 15 * i));
      await advance(100);
    }
    expect(sink.stats().dropped).toBe(0);
    await advance(30_000);
    expect(stored.toSorted((a, b) => Number(a) - Number(b))).toEqual(times(300));
    expect(sink.stats()).toMatchObject({ written: 300, dropped: 0, spilled: 0 });
  });

  test('points that the disk refuses are counted as dropped', async () => {
    const { sink, advance } = bench(
      () => FAILED,
      [],
      {},
      () => false,
    );
    sink.write(points(10));
    await advance(1000);
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 10, spilled: 0, queued: 0 });
  });

  test('a batch on disk that is refused in part is not sent again, and what comes after it is', async () => {
    const left = [times(10), times(10, 10)].map((each) => [...each]);
    let asked = 0;
    const bad = [{ line: 4, measurement: 'gap', field: 'scope', why: 'field type conflict' }];
    const { sink, advance, told } = bench(
      () => (asked++ === 0 ? { kind: 'partial', dropped: 3, bad } : DONE),
      left,
    );
    await advance(1000);
    expect(asked).toBe(2);
    expect(sink.stats()).toMatchObject({ written: 17, refused: 3, spilled: 0, retries: 0 });
    expect(told).toEqual([
      'HTTP 400: 3 of 10 points were refused, the others stored: line 4, gap, scope: field type conflict',
    ]);
  });
});
