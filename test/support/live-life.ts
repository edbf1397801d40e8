import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NEVER, Observable, type SchedulerAction, Subject, Subscription, switchMap } from 'rxjs';
import type { LaneControls } from '../../pipelines/edges/control-socket.ts';
import { type Heard, supervision } from '../../pipelines/edges/supervision.ts';
import { type LiveSummary, live } from '../../pipelines/lanes/live.ts';
import type { LiveStatus } from '../../pipelines/run/live-control.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { writeHalted } from '../../src/execution/journal/halted-file.ts';
import { openJournal } from '../../src/execution/journal/journal.ts';
import type { JournalEntry, JournalRow } from '../../src/execution/journal/journal-row.ts';
import { cancelEverything } from '../../src/execution/kalshi/cancel-everything.ts';
import type { LiveSettings } from '../../src/execution/live-settings.ts';
import { after } from '../../src/operators/after.ts';
import type { SocketEvent } from '../../src/transport/dial.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Http, HttpAnswer } from '../../src/transport/http.ts';
import { forecaster, historyBefore } from '../pipelines/market.ts';
import type { LiveWorld } from './live-world.ts';
import { random } from './random.ts';

/** A moment at which a lane may die: it is asked of every one. */
export type Moment =
  | { readonly kind: 'journal'; readonly when: 'before' | 'after'; readonly rows: readonly JournalEntry[] }
  | {
      readonly kind: 'request';
      /** Before it is sent; once it has left; once its answer is there, before the lane reads it. */
      readonly when: 'before' | 'sent' | 'answered';
      readonly method: string;
      readonly path: string;
    }
  | { readonly kind: 'text'; readonly when: 'before' | 'after'; readonly text: string };

/** One run of a lane on an account. */
export interface LiveLife {
  /** Kills it: from now on nothing of it acts, whatever its code still does. */
  readonly kill: () => void;
  /** Stops it as SIGSTOP does, for so long. */
  readonly hold: (millis: number) => void;
  /** Asks it to end regularly, as a signal or a closed terminal does. */
  readonly stop: () => void;
  readonly dead: () => boolean;
  /** Its controls, once it can be commanded. */
  readonly controls: () => LaneControls | undefined;
  readonly status: () => LiveStatus | undefined;
  readonly events: readonly AuditEvent[];
  /** What it told its supervisor. */
  readonly beats: readonly { readonly at: Micros; readonly starting: boolean }[];
  /** How it ended; undefined while it runs and for a killed one. */
  readonly ended: () => { readonly summary?: LiveSummary; readonly failed?: string } | undefined;
  readonly journalPath: string;
  readonly rows: (kind: JournalEntry['kind']) => readonly JournalRow[];
  /** Waits until the code of a dead lane has come to its end, and closes the journal. */
  readonly bury: () => Promise<void>;
}

/** What a life begins with. */
export interface LifeOptions {
  readonly world: LiveWorld;
  readonly limits: LiveSettings;
  /** The account's folder. */
  readonly folder: string;
  readonly name: string;
  readonly seed: number;
  /** Whether a supervisor watches that acts when the lane is dead or silent. */
  readonly supervised: boolean;
  /** True kills the lane at this moment. */
  readonly dies?: (moment: Moment) => boolean;
  /** Why the journal cannot be written now. */
  readonly diskFault?: () => Error | undefined;
  readonly tap?: (event: AuditEvent) => void;
  /** Whether a regular end leaves orders at the exchange. */
  readonly leaveOrders?: boolean;
}

const JOURNAL_FILES = ['', '-wal'] as const;
const PRICE_DOLLARS = 80_000;
/** More than a forecast needs to be warm. */
const WARM_MINUTES = 700;
/** As a supervisor of the default settings. */
const PATIENCE = { runningMs: 3_000, startingMs: 60_000 } as const;
/** As `wallClock` judges. */
const STOOD_STILL = 5 * SECOND;

/** The folder of the next run: what a crash left on the disk, and nothing that was not there yet. */
export function nextFolder(before: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const suffix of JOURNAL_FILES) {
    const from = join(before, `journal.db${suffix}`);
    if (existsSync(from)) copyFileSync(from, join(folder, `journal.db${suffix}`));
  }
  const halted = join(before, 'halted.json');
  if (existsSync(halted)) copyFileSync(halted, join(folder, 'halted.json'));
  return folder;
}

/** Starts a live lane whose ports end with it. */
export function liveLife(options: LifeOptions): LiveLife {
  const { world, folder, supervised, dies = () => false, diskFault = () => undefined } = options;
  const { clock: time } = world;
  mkdirSync(folder, { recursive: true });
  const journalPath = join(folder, 'journal.db');
  const halted = join(folder, 'halted.json');
  const database = openJournal(journalPath);
  const stop$ = new Subject<void>();
  const sockets = new Subscription();
  const events: AuditEvent[] = [];
  const beats: { readonly at: Micros; readonly starting: boolean }[] = [];
  let dead = false;
  let buried = false;
  let heldUntil: Micros = 0;
  let controls: LaneControls | undefined;
  let ended: { readonly summary?: LiveSummary; readonly failed?: string } | undefined;

  const heard$ = new Subject<Heard>();
  if (supervised)
    supervision(heard$, time, PATIENCE)
      .pipe(
        switchMap((alarm) => {
          if (alarm.kind === 'blocked')
            writeHalted(halted, { at: time.at, by: 'the supervisor', reason: 'the lane was silent' });
          return cancelEverything(world.call, time, { groups: alarm.groups });
        }),
      )
      .subscribe();
  const kill = (): void => {
    if (dead) return;
    dead = true;
    sockets.unsubscribe();
    heard$.complete();
  };
  const diesAt = (moment: Moment): boolean => {
    if (!dead && dies(moment)) kill();
    return dead;
  };
  /** Runs what comes to the lane from outside: never for a dead one, and later for one that is held. */
  const reach = (act: () => void): void => {
    if (dead) return;
    if (time.at < heldUntil) after((heldUntil - time.at) / MILLISECOND, time).subscribe(() => reach(act));
    else act();
  };
  let askedAt = time.at;
  const clock: EdgeClock = {
    get at() {
      return time.at;
    },
    now: time.now,
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
      return time.schedule<T>(
        function (this: SchedulerAction<T>, given?: T) {
          if (dead) return;
          if (time.at < heldUntil) this.schedule(given, (heldUntil - time.at) / MILLISECOND);
          else work.call(this, given);
        },
        delay,
        state,
      );
    },
    stoodStill: () => {
      const stood = time.at - askedAt;
      askedAt = time.at;
      return stood >= STOOD_STILL ? stood : 0;
    },
  };
  const { uniform } = random(options.seed);
  const http: Http = (request) =>
    new Observable<HttpAnswer>((to) => {
      const { method, url } = request;
      const { pathname, search } = new URL(url);
      const moment = { kind: 'request', method, path: `${pathname}${search}` } as const;
      if (diesAt({ ...moment, when: 'before' })) return undefined;
      const sent = world.transport.http(request).subscribe((answer) =>
        reach(() => {
          if (diesAt({ ...moment, when: 'answered' })) return;
          to.next(answer);
          to.complete();
        }),
      );
      diesAt({ ...moment, when: 'sent' });
      // What a dead process has sent still arrives.
      return () => {
        if (!dead) sent.unsubscribe();
      };
    });
  const run = live({
    settings: world.settings,
    limits: options.limits,
    forecasterOf: () => forecaster,
    models: [],
    edge: {
      clock,
      stamp: () => time.at,
      wallMillis: () => time.at / MILLISECOND,
      random: uniform,
      dial: (request) =>
        new Observable<SocketEvent>((to) => {
          if (dead) return undefined;
          const socket = world.transport.dial(request).subscribe((event) =>
            reach(() => {
              if (event.kind === 'text' && diesAt({ kind: 'text', when: 'before', text: event.text })) return;
              to.next(event);
              if (event.kind === 'text') diesAt({ kind: 'text', when: 'after', text: event.text });
              if (event.kind === 'closed') to.complete();
            }),
          );
          sockets.add(socket);
          return () => socket.unsubscribe();
        }),
      http,
    },
    orderHttp: http,
    key: world.key,
    journal: {
      append: (rows) => {
        if (diesAt({ kind: 'journal', when: 'before', rows })) throw new Error('the lane is dead');
        const fault = diskFault();
        if (fault) throw fault;
        database.append(rows);
        if (diesAt({ kind: 'journal', when: 'after', rows })) throw new Error('the lane is dead');
      },
      rows: database.rows,
      close: () => {},
    },
    halted,
    supervisor: {
      beat: (all, starting = false) => {
        if (dead) return;
        beats.push({ at: time.at, starting });
        heard$.next({ kind: 'beat', beat: beats.length, groups: all, starting });
      },
      bye: async () => heard$.next({ kind: 'bye' }),
      alive: () => !dead,
      lost$: NEVER,
    },
    history: [
      {
        asset: 'BTC',
        bars: historyBefore(Math.floor(time.at / MINUTE) * MINUTE, PRICE_DOLLARS).slice(-WARM_MINUTES),
      },
    ],
    name: options.name,
    record: undefined,
    out: undefined,
    // The code of a dead lane must come to its end without an answer.
    get leaveOrders() {
      return dead || (options.leaveOrders ?? false);
    },
    tap: ({ event }) => {
      if (dead) return;
      events.push(event);
      options.tap?.(event);
    },
    stop$,
    opened: (given) => {
      controls = given;
      return Promise.resolve();
    },
  }).then(
    (summary) => {
      if (!dead) ended = { summary };
    },
    (cause: unknown) => {
      if (!dead) ended = { failed: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
    },
  );

  return {
    kill,
    hold: (millis) => {
      heldUntil = time.at + millis * MILLISECOND;
    },
    stop: () => stop$.next(),
    dead: () => dead,
    controls: () => controls,
    status: () => controls?.status() as LiveStatus | undefined,
    events,
    beats,
    ended: () => ended,
    journalPath,
    rows: database.rows,
    bury: async () => {
      if (buried) return;
      buried = true;
      if (ended === undefined && !dead) throw new Error('bury: the lane lives');
      stop$.next();
      // A lane that died before it opened its edge waits for an answer that never comes.
      if (controls) await run;
      database.close();
    },
  };
}
