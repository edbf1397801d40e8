import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { random } from '../support/random.ts';

/** A Monday in New York's winter, 00:00 UTC. */
export const FIRST_OPEN = Date.UTC(2026, 0, 5) * 1_000;

/** Bars of a seeded random walk whose deviation a minute is `deviation`, consecutive from `FIRST_OPEN`, none flagged. */
export function randomBars(seed: number, length: number, deviation = 5e-4): MinuteBar[] {
  const { normal } = random(seed);
  let log = Math.log(60_000);
  return Array.from({ length }, (_, i): MinuteBar => {
    const open = Math.exp(log);
    const path = Array.from({ length: 4 }, () => {
      log += (deviation / 2) * normal();
      return Math.exp(log);
    });
    return {
      openAt: FIRST_OPEN + i * MINUTE,
      open,
      high: Math.max(open, ...path),
      low: Math.min(open, ...path),
      close: Math.exp(log),
      volume: 1,
      flag: 0,
    };
  });
}
