import type { Settings } from '../../src/config/settings.ts';

/**
 * Settings for a market that runs `speed` times as fast as the clock. A feed needs wall time to connect, and in that
 * time a fast market goes far, so the patience with a feed grows with the speed.
 */
export function patientSettings(settings: Settings, speed: number): Settings {
  const { desk } = settings.execution;
  const feedPatienceMicros = Math.round(desk.feedPatienceMicros * Math.max(1, speed));
  return { ...settings, execution: { ...settings.execution, desk: { ...desk, feedPatienceMicros } } };
}
