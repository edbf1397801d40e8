import { expect, test } from '@jest/globals';
import { patientSettings } from '../../pipelines/run/patient-settings.ts';
import { settingsSchema } from '../../src/config/settings.ts';

const settings = settingsSchema.parse({});
const patience = (speed: number): number =>
  patientSettings(settings, speed).execution.desk.feedPatienceMicros;

test('a feed has the same wall time to connect at any speed, and never less than the setting', () => {
  const { feedPatienceMicros } = settings.execution.desk;
  for (const speed of [0.1, 1, 20, 60, 200]) {
    expect(patience(speed) / Math.max(1, speed)).toBeCloseTo(feedPatienceMicros, 3);
    expect(patience(speed)).toBeGreaterThanOrEqual(feedPatienceMicros);
  }
  expect(patientSettings(settings, 1)).toEqual(settings);
});
