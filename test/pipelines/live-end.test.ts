import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { liveSettings } from '../../src/execution/live-settings.ts';
import { liveLife } from '../support/live-life.ts';
import { liveWorld } from '../support/live-world.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const limits = liveSettings.parse({
  ...{ orderContractsMax: 3, openOrdersMax: 4, ordersPerMinuteMax: 60 },
  ...{ dollarsPerDayMax: 500, dayLossMaxDollars: 500, drawdownMaxDollars: 500 },
});

describe('the regular end of a live lane', () => {
  forbidWallClock();

  test.each([
    [false, 'cancels all orders'],
    [true, 'cancels none, where orders are to stay'],
  ])('with leaveOrders %s: %s, and the journal is closed', async (leaveOrders) => {
    const world = liveWorld({ seed: 'end', latencyMs: 5 });
    const cancels: number[] = [];
    const life = liveLife({
      world,
      limits,
      leaveOrders,
      folder: join(root, String(leaveOrders)),
      name: 'end',
      seed: 1,
      supervised: false,
      dies: (moment) => {
        if (moment.kind === 'request' && moment.when === 'sent' && moment.method === 'DELETE')
          cancels.push(world.clock.at);
        return false;
      },
    });
    await world.run(30_000, () => life.status()?.cashDollars != null);
    const stoppedAt = world.clock.at;
    life.stop();
    await world.run(60_000, () => life.ended() !== undefined);
    expect(life.ended()).toMatchObject({ summary: { lane: 'live' } });
    expect(cancels.some((at) => at >= stoppedAt)).toBe(!leaveOrders);
    expect(life.rows('closed')).toHaveLength(1);
    await life.bury();
  });
});
