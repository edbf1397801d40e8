import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY } from 'rxjs';
import { runLane } from '../../pipelines/run/run-lane.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Frame, RemoteForecastFrame } from '../../src/domain/frame.ts';
import { SECOND } from '../../src/domain/time.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { readTape } from '../../src/tape/read.ts';
import { writeTape } from '../../src/tape/write.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { emulatedSession, only, runFrames, settingsOf } from './market.ts';
import { twoAssetSession } from './two-assets.ts';

const root = tempFolder();
const silent: Forecaster = { describe: 'none', forecasts: () => () => EMPTY };
/** Another process is not as quick as ours. */
const LATE = 2 * SECOND;

async function runSilent(
  settings: ReturnType<typeof settingsOf>,
  frames: readonly Frame[],
): Promise<{ readonly events: readonly AuditEvent[]; readonly decisionSha256: string }> {
  const events: AuditEvent[] = [];
  const { decisionSha256 } = await runLane(
    {
      batches: [frames],
      startAt: frames[0]?.at ?? 0,
      settings,
      forecasterOf: () => silent,
      orders: 'paper',
      sinceMs: 0,
      tap: ({ event }) => events.push(event),
    },
    () => ({}),
  );
  return { events, decisionSha256 };
}

/** The forecasts of the minutes, as another process would send them. */
const remote = (events: readonly AuditEvent[]): readonly RemoteForecastFrame[] =>
  only('forecast', events)
    .filter(({ path }) => path.factor === 1 && path.at === path.fromAt)
    .map((forecast) => ({ kind: 'remoteForecast', at: forecast.receivedAt + LATE, forecast }));
const inOrder = (...frames: readonly Frame[]): readonly Frame[] => [...frames].sort((a, b) => a.at - b.at);
const priced = (events: readonly AuditEvent[]) =>
  only('decision', events).filter(({ proposal }) => proposal.modelProbability !== null);

describe('forecasts that another process made', () => {
  forbidWallClock();
  const settings = settingsOf({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 2, seed: 'remote' });
  const { session, wire } = emulatedSession(settings);
  let sent: readonly RemoteForecastFrame[] = [];
  beforeAll(async () => {
    sent = remote(await runFrames(settings, [session, ...wire]));
  });

  test('price contracts from when they come, and nothing is priced before', async () => {
    expect(sent.length).toBeGreaterThan(1);
    const { events } = await runSilent(settings, inOrder(session, ...wire, ...sent));
    const first = sent[0]?.at ?? Number.NaN;
    const before = only('decision', events).filter(({ at }) => at < first);
    expect(before.length).toBeGreaterThan(0);
    for (const { proposal, failing } of before) {
      expect(proposal.modelProbability).toBeNull();
      expect(failing).toContain('forecastUsable');
    }
    expect(priced(events).length).toBeGreaterThan(50);
    expect(only('decision', events).some(({ verdict }) => verdict === 'approved')).toBe(true);
    const minutes = only('forecast', events).filter(({ path }) => path.at === path.fromAt);
    expect(minutes).toEqual(sent.map(({ forecast }) => forecast));
  });

  test('lie on the tape and replay to the same hash', async () => {
    const frames = inOrder(session, ...wire, ...sent);
    const live = await runSilent(settings, frames);
    const path = join(mkdtempSync(join(root, 'test-')), 'remote.tape.gz');
    await writeTape(path, frames);
    const read: Frame[] = [];
    for await (const batch of readTape(path)) read.push(...batch);
    const replay = await runSilent(settings, read);
    expect(replay.decisionSha256).toBe(live.decisionSha256);
    expect((await runSilent(settings, [session, ...wire])).decisionSha256).not.toBe(live.decisionSha256);
  });

  test('price the contracts of their own asset and of no other', async () => {
    const two = twoAssetSession({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 1, strikes: 2 });
    const all = remote(await runFrames(two.settings, two.frames()));
    const ofEther = all.filter(({ forecast }) => forecast.asset === 'ETH');
    expect([ofEther.length, all.length - ofEther.length].every((many) => many > 0)).toBe(true);
    const { events } = await runSilent(two.settings, inOrder(...two.frames(), ...ofEther));
    expect(priced(events).length).toBeGreaterThan(0);
    expect(priced(events).filter(({ ticker }) => !ticker.startsWith('KXETH'))).toEqual([]);
    // One market each: a forecast that reached both would be published twice.
    const minutes = only('forecast', events).filter(({ path }) => path.at === path.fromAt);
    expect(minutes).toEqual(ofEther.map(({ forecast }) => forecast));
  });
});
