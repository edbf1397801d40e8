import { expect, test } from '@jest/globals';
import { tfjsClock } from '../../../src/forecast/members/tfjs-clock.ts';
import { tfjsCpu } from '../../support/tfjs-cpu.ts';

const WEEK = 10_080;

test('at every minute of the week the clock has its harmonics, the weekend from Saturday, and the session of weekdays from 9:30 to 16:00', () => {
  const minutes = Float32Array.from({ length: WEEK }, (_, minute) => minute);
  const said = tfjsCpu.tidy(() => tfjsClock(tfjsCpu, tfjsCpu.tensor(minutes, [WEEK, 1])).dataSync());
  expect(said).toHaveLength(12 * WEEK);
  let worst = 0;
  let [weekend, session] = [0, 0];
  for (let minute = 0; minute < WEEK; minute++) {
    const [day, weekday] = [minute % 1_440, minute < 5 * 1_440];
    const open = weekday && day >= 9.5 * 60 && day < 16 * 60;
    const turns = [day / 1_440, day / 720, day / 480, minute / WEEK, day / 60];
    const expected = [
      ...turns.flatMap((turn) => [Math.sin(2 * Math.PI * turn), Math.cos(2 * Math.PI * turn)]),
      weekday ? 0 : 1,
      open ? 1 : 0,
    ];
    for (const [i, value] of expected.entries())
      worst = Math.max(worst, Math.abs((said[12 * minute + i] as number) - value));
    weekend += said[12 * minute + 10] as number;
    session += said[12 * minute + 11] as number;
  }
  expect(worst).toBeLessThan(3e-6);
  expect([weekend, session]).toEqual([2 * 1_440, 5 * 390]);
});
