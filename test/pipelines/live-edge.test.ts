import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { NEVER, Observable, Subject, type Subscriber } from 'rxjs';
import { record } from '../../pipelines/lanes/record.ts';
import { type LiveEdge, openLiveEdge } from '../../pipelines/run/live-edge.ts';
import { runLane } from '../../pipelines/run/run-lane.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import type { CommandFrame, Frame } from '../../src/domain/frame.ts';
import { readTape } from '../../src/tape/read.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed, FeedFrame } from '../../src/transport/feed.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { forecaster } from './market.ts';

const root = tempFolder();
const settings = settingsSchema.parse({});
const clock = wallClock();
const heartbeat = (text = '{"channel":"heartbeat"}'): FeedFrame => ({
  kind: 'wire',
  at: clock.at,
  venue: 'kraken',
  text,
});

/** A feed that says something every few milliseconds for as long as somebody listens. */
function chattyFeed() {
  let to: Subscriber<FeedFrame> | undefined;
  let open = 0;
  let opened = 0;
  const feed: Feed = () =>
    new Observable((subscriber) => {
      open++;
      opened++;
      to = subscriber;
      const saying = setInterval(() => subscriber.next(heartbeat()), 2);
      return () => {
        clearInterval(saying);
        open--;
      };
    });
  return { feed, open: () => open, opened: () => opened, say: (frame: FeedFrame) => to?.next(frame) };
}

const edges: LiveEdge[] = [];
afterEach(async () => {
  for (const edge of edges.splice(0)) await edge.close();
});

interface Given {
  readonly folder: string;
  readonly feed: Feed;
  readonly stop$: Observable<unknown>;
  /** Called after each batch, once some frames have come. */
  readonly seen?: () => void;
  /** Called with what the graph tells, where the lane has one. */
  readonly heard?: () => void;
  readonly own$?: Observable<Frame>;
}

/** A lane that decides on the edge, as `paper` does. */
async function deciding({ folder, feed, stop$, seen, heard, own$ = NEVER }: Given): Promise<unknown> {
  const live = openLiveEdge({
    name: 'lane',
    settings,
    feeds: [feed],
    own$,
    clock,
    stamp: () => clock.at,
    history: [],
    record: { folder },
    mostQueued: 1_000,
    tickMs: 5,
    stop$,
  });
  edges.push(live);
  try {
    return await runLane(
      {
        batches: live.batches(),
        startAt: live.startAt,
        settings,
        forecasterOf: () => forecaster,
        orders: 'paper',
        tap: () => heard?.(),
        afterBatch: (frames) => {
          if (frames > 5) seen?.();
        },
        sinceMs: 0,
      },
      () => live.stats(),
    );
  } finally {
    await live.close();
  }
}

const recording = ({ folder, feed, stop$, seen, heard }: Given): Promise<unknown> =>
  record({
    settings,
    feeds: [feed],
    clock,
    stamp: () => clock.at,
    folder,
    name: 'lane',
    history: [],
    stop$,
    afterBatch: ({ frames }) => {
      if (frames > 5) seen?.();
      heard?.();
    },
  });

/** A recorder that was closed has named its part in the index, and the part reads back whole. */
const recordedFrames = async (folder: string): Promise<readonly Frame[]> => {
  const [line] = readFileSync(join(folder, 'INDEX.ndjson'), 'utf8').trimEnd().split('\n');
  const { file, frames: told } = JSON.parse(line ?? '') as { file: string; frames: number };
  const frames: Frame[] = [];
  for await (const batch of readTape(join(folder, file))) frames.push(...batch);
  expect(frames).toHaveLength(told);
  return frames;
};

describe.each([
  ['a lane that decides', deciding],
  ['a lane that records', recording],
])('the live edge of %s', (_, lane) => {
  test('ends at a stop with its socket and its tape closed, and takes nothing afterwards', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    const { feed, open, say } = chattyFeed();
    const stop$ = new Subject<void>();
    await lane({ folder, feed, stop$, seen: () => stop$.next() });
    expect(open()).toBe(0);
    const frames = await recordedFrames(folder);
    expect(frames[0]).toMatchObject({ kind: 'session', name: 'lane' });
    expect(frames.filter(({ kind }) => kind === 'wire').length).toBeGreaterThan(2);
    say(heartbeat());
    expect(await recordedFrames(folder)).toEqual(frames);
  });

  test('closes its socket and its tape when what listens to it throws, and says why', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    const { feed, open, opened } = chattyFeed();
    const broken = lane({
      folder,
      feed,
      stop$: NEVER,
      heard: () => {
        throw new Error('the listener broke');
      },
    });
    await expect(broken).rejects.toThrow('the listener broke');
    expect([opened(), open()]).toEqual([1, 0]);
    expect((await recordedFrames(folder)).length).toBeGreaterThan(0);
  });

  test('closes its socket when the recorder throws, and says why', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    // The first part cannot be opened where something of its name stands: nothing is overwritten.
    writeFileSync(join(folder, 'lane-0001.tape.gz'), 'not ours');
    const { feed, open, opened } = chattyFeed();
    await expect(lane({ folder, feed, stop$: NEVER })).rejects.toThrow(/EEXIST.*lane-0001/);
    expect([opened(), open()]).toEqual([1, 0]);
    expect(readFileSync(join(folder, 'lane-0001.tape.gz'), 'utf8')).toBe('not ours');
  });

  test('opens no socket where a recording of its name has left its settings', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    writeFileSync(join(folder, 'lane.settings.json'), 'not ours');
    const { feed, opened } = chattyFeed();
    await expect(lane({ folder, feed, stop$: NEVER })).rejects.toThrow(/EEXIST.*lane\.settings/);
    expect(opened()).toBe(0);
    expect(readdirSync(folder)).toEqual(['lane.settings.json']);
  });
});

describe('the live edge', () => {
  test('begins a new session after the machine stood still: it dials anew, and nothing of the old socket enters', async () => {
    let stoodMicros = 0;
    const still: EdgeClock = {
      get at() {
        return clock.at;
      },
      now: () => clock.now(),
      schedule: clock.schedule,
      stoodStill: () => {
        const stood = stoodMicros;
        stoodMicros = 0;
        return stood;
      },
    };
    const dials: Subject<FeedFrame>[] = [];
    const feed: Feed = () => {
      const socket = new Subject<FeedFrame>();
      dials.push(socket);
      return socket;
    };
    const stop$ = new Subject<void>();
    const live = openLiveEdge({
      name: 'lane',
      settings,
      feeds: [feed],
      own$: NEVER,
      clock: still,
      stamp: () => still.at,
      history: [],
      record: undefined,
      mostQueued: 1_000,
      tickMs: 5,
      stop$,
    });
    edges.push(live);
    const bar = { openAt: 60_000_000, open: 1, high: 1, low: 1, close: 1, volume: 1, flag: 0 } as const;
    live.receive({ kind: 'minute', asset: 'BTC', at: 0, receivedAt: 0, bar, source: 'live' });
    dials[0]?.next(heartbeat());
    stoodMicros = 600_000_000;
    dials[0]?.next(heartbeat('waited in the old socket'));
    dials[0]?.next(heartbeat('came over the old socket'));
    dials[1]?.next(heartbeat());
    stop$.next();
    const frames: Frame[] = [];
    for await (const batch of live.batches()) frames.push(...batch);
    expect(frames.filter(({ kind }) => kind !== 'tick')).toMatchObject([
      { kind: 'session', name: 'lane' },
      { kind: 'wire', text: '{"channel":"heartbeat"}' },
      { kind: 'session', name: 'lane, stood still for 600 s', history: [{ asset: 'BTC', bars: [bar] }] },
      { kind: 'wire', text: '{"channel":"heartbeat"}' },
    ]);
    expect(dials.map(({ observed }) => observed)).toEqual([false, false]);
    expect(dials).toHaveLength(2);
  });

  test('records an operator’s commands where they came, before they are given out', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    const { feed } = chattyFeed();
    const stop$ = new Subject<void>();
    const command$ = new Subject<Frame>();
    const said: CommandFrame[] = (['halt', 'resume'] as const).map((command, i) => ({
      kind: 'command',
      at: clock.at + i,
      command,
      reason: `reason ${i}`,
    }));
    let next = 0;
    await deciding({
      folder,
      feed,
      stop$,
      own$: command$,
      seen: () => {
        const command = said[next++];
        if (command) command$.next(command);
        else stop$.next();
      },
    });
    const commands = (await recordedFrames(folder)).filter(({ kind }) => kind === 'command');
    expect(commands).toMatchObject(said.map(({ command, reason }) => ({ kind: 'command', command, reason })));
  });
});
