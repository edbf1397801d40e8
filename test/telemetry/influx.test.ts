import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { influxSink } from '../../src/telemetry/influx.ts';
import type { InfluxOutcome } from '../../src/telemetry/influx-answer.ts';
import type { InfluxWriter } from '../../src/telemetry/influx-writer.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
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

/** A sink on a clock that moves by hand and a database that answers as told. */
function bench(answer: (batch: number) => InfluxOutcome | Promise<InfluxOutcome>, overrides: object = {}) {
  let now = 0;
  let alarms: { due: number; run: () => void }[] = [];
  const after: After = (millis, run) => {
    const alarm = { due: now + millis, run };
    alarms.push(alarm);
    return () => {
      alarms = alarms.filter((other) => other !== alarm);
    };
  };
  const asked: { at: number; batch: readonly string[] }[] = [];
  const created: number[] = [];
  const told: string[] = [];
  let closed = false;
  const writer: InfluxWriter = {
    createDatabase: async () => {
      created.push(now);
      return DONE;
    },
    write: async (batch) => {
      asked.push({ at: now, batch });
      return answer(asked.length - 1);
    },
    close: () => {
      closed = true;
    },
  };
  const settings = telemetrySettings.parse(overrides);
  const sink = influxSink({
    writer,
    settings,
    tags: { lane: 'demo' },
    after,
    onTrouble: (why) => told.push(why),
  });
  const advance = async (millis: number): Promise<void> => {
    const until = now + millis;
    await setImmediate();
    for (;;) {
      const next = alarms.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      now = next.due;
      alarms = alarms.filter((other) => other !== next);
      next.run();
      await setImmediate();
    }
    now = until;
  };
  return {
    sink,
    advance,
    asked,
    created,
    told,
    alarmsLeft: () => alarms.length,
    isClosed: () => closed,
    sizes: () => asked.map(({ batch }) => batch.length),
  };
}

describe('influxSink', () => {
  test('a lone point goes once it is old enough, with the added tags, after the database was created', async () => {
    const { sink, advance, asked, created } = bench(() => DONE);
    sink.write(points(1));
    await advance(249);
    expect(asked).toEqual([]);
    await advance(1);
    expect(created).toEqual([250]);
    expect(asked.map(({ at }) => at)).toEqual([250]);
    expect(asked[0]?.batch).toEqual(['rejected,venue=kraken,lane=demo why="x" 0000']);
    expect(sink.stats()).toMatchObject({ written: 1, queued: 0, inFlight: 0, dropped: 0 });
  });

  test('a full batch goes at once, but not within the call; the rest waits for its age', async () => {
    const { sink, advance, asked, sizes } = bench(() => DONE);
    sink.write(points(2500));
    expect(asked).toEqual([]);
    await advance(0);
    expect(sizes()).toEqual([1000, 1000]);
    await advance(250);
    expect(sizes()).toEqual([1000, 1000, 500]);
  });

  test('two batches are on their way at most, and points that come meanwhile wait', async () => {
    const { sink, advance, sizes } = bench(() => NEVER);
    sink.write(points(5000));
    await advance(1000);
    expect(sizes()).toEqual([1000, 1000]);
    expect(sink.stats()).toMatchObject({ inFlight: 2000, queued: 3000 });
  });

  test('the oldest points are dropped and counted when the queue is full', async () => {
    const { sink, advance, asked } = bench((batch) => (batch === 0 ? NEVER : DONE), {
      queuePoints: 10,
      inFlight: 1,
      batchPoints: 5,
    });
    sink.write(points(5));
    await advance(0);
    sink.write(points(25, 100));
    expect(sink.stats()).toMatchObject({ dropped: 15, queued: 10, inFlight: 5 });
    await advance(6000);
    expect(
      asked.slice(2).flatMap(({ batch }) => batch.map((line) => line.slice(line.lastIndexOf(' ') + 1))),
    ).toEqual(Array.from({ length: 10 }, (_, i) => `${115 + i}000`));
  });

  test('a failure is tried again with a doubling wait up to the cap, and told once', async () => {
    const { sink, advance, asked, told } = bench((batch) => (batch < 4 ? FAILED : DONE), {
      retryFirstMillis: 100,
      retryMaxMillis: 300,
    });
    sink.write(points(1));
    await advance(5000);
    expect(asked.map(({ at }) => at - 250)).toEqual([0, 100, 300, 600, 900]);
    expect(sink.stats()).toMatchObject({ written: 1, retries: 4, dropped: 0, trouble: 'ECONNREFUSED' });
    expect(told).toEqual(['ECONNREFUSED']);
  });

  test('no answer within the deadline is a failure', async () => {
    const { sink, advance, asked } = bench((batch) => (batch === 0 ? NEVER : DONE), {
      requestMillis: 2000,
      retryFirstMillis: 100,
    });
    sink.write(points(1));
    await advance(10_000);
    expect(asked.map(({ at }) => at)).toEqual([250, 250 + 2000 + 100]);
    expect(sink.stats()).toMatchObject({ written: 1, trouble: 'no answer within 2000 ms' });
  });

  test('what the database refuses is counted and never sent again', async () => {
    const { sink, advance, asked, told } = bench((batch) =>
      batch === 0 ? { kind: 'refused', why: 'partial write' } : DONE,
    );
    sink.write(points(3));
    await advance(10_000);
    expect(asked).toHaveLength(1);
    expect(sink.stats()).toMatchObject({ refused: 3, written: 0, retries: 0 });
    expect(told).toEqual(['partial write']);
    sink.write(points(2));
    await advance(250);
    expect(sink.stats()).toMatchObject({ refused: 3, written: 2 });
  });

  test('a database that is gone is created again before the batch is tried again', async () => {
    const missing: InfluxOutcome = { kind: 'failed', why: 'database not found', databaseMissing: true };
    const { sink, advance, created } = bench((batch) => (batch === 0 ? missing : DONE));
    sink.write(points(1));
    await advance(10_000);
    expect(created).toHaveLength(2);
    expect(sink.stats()).toMatchObject({ written: 1, retries: 1 });
  });

  test('a point without a finite field is counted as empty and not written', async () => {
    const { sink, advance, asked } = bench(() => DONE);
    sink.write([
      { measurement: 'index', at: 1, tags: { source: 'prints' }, fields: { valueDollars: Number.NaN } },
    ]);
    await advance(1000);
    expect(asked).toEqual([]);
    expect(sink.stats()).toMatchObject({ empty: 1, written: 0 });
  });

  test('closing sends what is left, whatever its age, and drops what comes later', async () => {
    const { sink, advance, sizes, isClosed, alarmsLeft } = bench(() => DONE);
    sink.write(points(2500));
    const closing = sink.close();
    sink.write(points(1));
    await advance(0);
    await closing;
    expect(sizes()).toEqual([1000, 1000, 500]);
    expect(sink.stats()).toMatchObject({ written: 2500, dropped: 1, queued: 0, inFlight: 0 });
    expect(isClosed()).toBe(true);
    expect(alarmsLeft()).toBe(0);
  });

  test('closing gives up at its deadline and counts what was not sent', async () => {
    const { sink, advance, isClosed, alarmsLeft } = bench(() => NEVER, { closeMillis: 1000 });
    sink.write(points(2500));
    const closing = sink.close();
    await advance(999);
    expect(isClosed()).toBe(false);
    await advance(1);
    await closing;
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 2500, queued: 0, inFlight: 0 });
    expect(alarmsLeft()).toBe(0);
  });

  test('a batch that waits for its next try gets it when closing begins', async () => {
    const { sink, advance } = bench((batch) => (batch === 0 ? FAILED : DONE), {
      retryFirstMillis: 60_000,
      retryMaxMillis: 60_000,
    });
    sink.write(points(1));
    await advance(300);
    const closing = sink.close();
    await advance(0);
    await closing;
    expect(sink.stats()).toMatchObject({ written: 1, dropped: 0 });
  });

  test('closing with nothing to send is immediate, and twice is once', async () => {
    const { sink, alarmsLeft } = bench(() => DONE);
    await sink.close();
    await sink.close();
    expect(alarmsLeft()).toBe(0);
  });
});
