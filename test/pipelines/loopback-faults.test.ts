import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NEVER, Subject } from 'rxjs';
import { liveEdge } from '../../pipelines/edges/edge.ts';
import { emulatedSettings } from '../../pipelines/edges/emulated-settings.ts';
import { startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { backtest } from '../../pipelines/lanes/backtest.ts';
import { paper } from '../../pipelines/lanes/paper.ts';
import { settingsFileOf } from '../../pipelines/run/keep-settings.ts';
import { loadConfig } from '../../src/config/load.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { eventually } from '../support/eventually.ts';
import { faultSchedules } from '../support/fault-schedules.ts';
import { expectHealed, watchman } from '../support/healed.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { forecaster, historyBefore, settingsOf } from './market.ts';

const folder = tempFolder();
/** A sample; `LOOPBACK_SESSIONS=20` is the full campaign. */
const SESSIONS = Number(process.env['LOOPBACK_SESSIONS'] ?? 2);
/** They run in wall time and in one process: more would hold a slow machine's loop for seconds, and never heal. */
const AT_ONCE = 2;
/** Wall time: faults end within the first seconds, the rest is for back-offs and snapshots. */
const RUN_MS = 22_000;
/** On a busy machine back-offs and snapshots take longer: so much more is waited for books that stand. */
const MOST_MORE_MS = 180_000;
const SETTLE_MS = 500;

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** One paper session over real sockets, recorded; checked, and replayed from its tape. */
async function session(faults: readonly Fault[], seed: string): Promise<void> {
  const base = settingsOf({ seed, strikes: 2, density: 0.15 });
  const running = await startEmulation({
    settings: base,
    krakenPort: 0,
    kalshiPort: 0,
    speed: 1,
    faults,
    fromNow: false,
  });
  const settings = emulatedSettings(base, running, 1);
  const key = loadKey(settings.kalshi);
  if (key?.kind !== 'key') throw new Error('no key');
  const events: AuditEvent[] = [];
  const watch = watchman();
  const stop$ = new Subject<void>();
  const record = mkdtempSync(join(folder, 'tape-'));
  const ending = paper({
    settings,
    forecasterOf: () => forecaster,
    edge: { ...liveEdge(), stamp: running.now },
    key,
    venues: 'emulated',
    history: [{ asset: 'BTC', bars: historyBefore(running.startAt, 80_000) }],
    command$: NEVER,
    name: 'session',
    record,
    out: undefined,
    tap: ({ event }) => {
      events.push(event);
      watch.look(event);
    },
    stop$,
  });
  // It may fail while the session is waited for; that is thrown below.
  ending.catch(() => {});
  try {
    await wait(RUN_MS);
    for (let more = 0; !watch.whole() && more < MOST_MORE_MS; more += SETTLE_MS) await wait(SETTLE_MS);
    running.freeze();
    // The markets stand still from here on: what is under way arrives, and changes nothing after it.
    await eventually(() => expectHealed({ events, venues: running.venues }));
  } finally {
    // A session that did not heal must end too, or the run of all tests does not.
    stop$.next();
    await ending.catch(() => {});
    await running.stop();
  }
  const summary = await ending;
  const kept = loadConfig(settingsFileOf(record, 'session'), settingsSchema);
  if (kept.kind === 'configProblem') throw new Error(kept.why);
  const replay = await backtest({
    tapes: [record],
    history: [],
    settled: undefined,
    out: undefined,
    settings: kept.settings,
    openForecasters: async () => () => forecaster,
  });
  expect(replay).toMatchObject({
    frames: summary.frames,
    decisionSha256: summary.decisionSha256,
    warnings: [],
  });
}

describe('paper sessions over loopback sockets', () => {
  test(
    `${SESSIONS} schedules of faults heal, decide nothing on void state, and replay from their tapes to the same decisions`,
    async () => {
      const schedules = fc.sample(faultSchedules({ untilMs: 5_000, mostSpanMs: 2_500 }), {
        numRuns: SESSIONS,
        seed: 20_261_123,
      });
      const ended: PromiseSettledResult<void>[] = [];
      for (let from = 0; from < SESSIONS; from += AT_ONCE)
        ended.push(
          ...(await Promise.allSettled(
            schedules.slice(from, from + AT_ONCE).map((faults, i) => session(faults, `loopback ${from + i}`)),
          )),
        );
      const failed = ended.flatMap((each, i) =>
        each.status === 'rejected' ? [{ faults: schedules[i], why: String(each.reason) }] : [],
      );
      expect(failed).toEqual([]);
    },
    300_000 + SESSIONS * 120_000,
  );
});
