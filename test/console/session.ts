import type { Settings } from '../../src/config/settings.ts';
import { type ConsoleModel, consoleModel } from '../../src/console/console-model.ts';
import type { ConsoleLane } from '../../src/console/state.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { emulatedSession, runFrames, settingsOf, withCommands } from '../pipelines/market.ts';

export const LANE: ConsoleLane = { mark: 'SIMULATED', name: 'test', label: 'test', acts: [], speed: 60 };

/** Nine emulated minutes around a close of the quarter hour, with a halt in them, on paper. */
export const settings: Settings = settingsOf({
  startAt: '2026-06-01T13:52:00Z',
  spanMinutes: 10,
  seed: 'console',
});

export async function sessionEvents(): Promise<readonly AuditEvent[]> {
  const { startAt, session, wire } = emulatedSession(settings);
  const frames = withCommands(
    [session, ...wire],
    [
      [startAt + 3 * MINUTE, 'halt'],
      [startAt + 4 * MINUTE, 'resume'],
    ],
  );
  return runFrames(settings, frames);
}

export const modelOf = (): ConsoleModel =>
  consoleModel({ lane: LANE, assets: settings.assets, risk: settings.risk });
