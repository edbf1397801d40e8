import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { MILLISECOND, SECOND } from '../../src/domain/time.ts';
import { liveSettings } from '../../src/execution/live-settings.ts';
import { type LiveLife, liveLife } from '../support/live-life.ts';
import { type LiveWorld, liveWorld } from '../support/live-world.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const BEAT = 250 * MILLISECOND;
const limits = liveSettings.parse({
  ...{ orderContractsMax: 3, openOrdersMax: 4, ordersPerMinuteMax: 60 },
  ...{ dollarsPerDayMax: 500, dayLossMaxDollars: 500, drawdownMaxDollars: 500 },
});
const born = (name: string): { readonly world: LiveWorld; readonly life: LiveLife } => {
  const world = liveWorld({ seed: name, latencyMs: 5 });
  return {
    world,
    life: liveLife({ world, limits, folder: join(root, name), name, seed: 1, supervised: false }),
  };
};
/** The longest time between two beats, from the birth and to the end. */
const longestSilence = (life: LiveLife, from: number, to: number): number => {
  const times = [from, ...life.beats.map(({ at }) => at), to];
  return Math.max(...times.slice(1).map((at, i) => at - (times[i] as number)));
};

describe('the beats of a live lane', () => {
  forbidWallClock();

  test('come from its first moment on, however long the account cannot be read, and say that it starts until it is', async () => {
    const { world, life } = born('start');
    const bornAt = world.clock.at;
    world.inject({ kind: 'serverError', only: 'read', spanMs: 12_000 });
    await world.run(12_000);
    expect(life.controls()).toBeUndefined();
    expect(life.beats.map(({ starting }) => starting)).not.toContain(false);
    const isAdopted = (): boolean => life.events.some(({ kind }) => kind === 'adopted');
    await world.run(30_000, isAdopted);
    expect(isAdopted()).toBe(true);
    await world.run(600);
    expect(longestSilence(life, bornAt, world.clock.at)).toBeLessThanOrEqual(BEAT);
    expect(life.beats.at(-1)).toMatchObject({ starting: false });
    life.kill();
    await life.bury();
  });

  test('go on while a regular end waits for the last cancels', async () => {
    const { world, life } = born('end');
    await world.run(30_000, () => life.status()?.cashDollars != null);
    const stoppedAt = world.clock.at;
    world.inject({ kind: 'serverError', only: 'cancelAll', spanMs: 8_000 });
    world.inject({ kind: 'serverError', only: 'read', spanMs: 8_000 });
    life.stop();
    await world.run(60_000, () => life.ended() !== undefined);
    expect(life.ended()).toMatchObject({ summary: { lane: 'live' } });
    expect(world.clock.at - stoppedAt).toBeGreaterThan(8 * SECOND);
    expect(longestSilence(life, stoppedAt, world.clock.at)).toBeLessThanOrEqual(BEAT);
    await life.bury();
  });
});
