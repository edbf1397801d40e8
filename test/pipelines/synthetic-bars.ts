import { writeFileSync } from 'node:fs';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { random } from '../support/random.ts';

/** A Monday, 00:00 UTC: where these bars begin. */
export const BARS_FROM = Date.UTC(2026, 0, 5) * 1_000;

/** Consecutive bars of a seeded walk whose deviation wanders about 5 bp a minute with a half-life of two hours: something to forecast. */
export function wanderingBars(seed: number, length: number): readonly MinuteBar[] {
  const { normal } = random(seed);
  let [log, spread] = [Math.log(60_000), 0];
  return Array.from({ length }, (_, i) => {
    spread = spread * 0.5 ** (1 / 120) + 0.06 * normal();
    const deviation = 5e-4 * Math.exp(spread);
    const open = Math.exp(log);
    const path = Array.from({ length: 4 }, () => {
      log += (deviation / 2) * normal();
      return Math.exp(log);
    });
    const cents = (dollars: number): number => Math.round(dollars * 100) / 100;
    return {
      openAt: BARS_FROM + i * MINUTE,
      open: cents(open),
      high: cents(Math.max(open, ...path)),
      low: cents(Math.min(open, ...path)),
      close: cents(Math.exp(log)),
      volume: 1,
      flag: 0,
    };
  });
}

/** Writes bars as `readHistory` reads them; gives the path. */
export function writeBars(path: string, bars: readonly MinuteBar[]): string {
  const rows = bars.map(
    ({ openAt, open, high, low, close, volume, flag }) =>
      `${openAt / SECOND},${open},${high},${low},${close},${volume},${flag}\n`,
  );
  writeFileSync(path, `timestamp_utc_seconds,open,high,low,close,volume,flag\n${rows.join('')}`);
  return path;
}
