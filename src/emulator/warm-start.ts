import type { MinuteBar } from '../domain/bars.ts';
import { MILLISECOND, MINUTE, SECOND } from '../domain/time.ts';
import { type BtcProcess, btcProcess } from './btc-process.ts';
import { type IndexPrints, indexPrints } from './index-prints.ts';
import { randomOf } from './random.ts';
import type { EmulatorSettings } from './settings.ts';

/** BTC traded in a minute of mean activity. */
export const MINUTE_VOLUME = 1.4;

/** Everything that was true when the session began. */
export interface WarmStart {
  /** Closed bars before the session, oldest first; the last one ends where the session starts. */
  readonly bars: readonly MinuteBar[];
  readonly process: BtcProcess;
  readonly prints: IndexPrints;
}

const tenths = (dollars: number) => Math.round(dollars * 10) / 10;

/** Runs the process in steps of a second up to `startAt`, ending at `startDollars`. */
export function warmStart(settings: EmulatorSettings): WarmStart {
  const root = randomOf(settings.seed);
  const volume = root.split('history volume');
  const process = btcProcess(settings, root.split('price'));
  const startAt = Date.parse(settings.startAt) * MILLISECOND;
  const firstAt = startAt - settings.historyMinutes * MINUTE;
  const logs = new Float64Array(settings.historyMinutes * 60 + 1);
  const activity = new Float64Array(settings.historyMinutes);
  for (let i = 0; i < logs.length - 1; i++) {
    const at = firstAt + i * SECOND;
    logs[i] = process.logPrice();
    if (i % 60 === 0) activity[i / 60] = process.activity(at);
    process.advance(at, SECOND);
  }
  logs[logs.length - 1] = process.logPrice();
  const shift = Math.log(settings.startDollars) - process.logPrice();
  process.shift(shift);

  const bars = Array.from(activity, (active, m): MinuteBar => {
    const span = logs.subarray(m * 60, m * 60 + 61);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const log of span) {
      low = Math.min(low, log);
      high = Math.max(high, log);
    }
    return {
      openAt: firstAt + m * MINUTE,
      open: tenths(Math.exp((span[0] as number) + shift)),
      high: tenths(Math.exp(high + shift)),
      low: tenths(Math.exp(low + shift)),
      close: tenths(Math.exp((span[60] as number) + shift)),
      volume:
        Math.round(MINUTE_VOLUME * Math.sqrt(active) * Math.exp(0.8 * volume.normal() - 0.32) * 1e8) / 1e8,
      flag: 0,
    };
  });

  const prints = indexPrints();
  const startSecond = startAt / SECOND;
  for (let back = Math.min(1_000, logs.length - 1); back > 0; back--)
    prints.record(
      startSecond - back,
      Math.round(100 * Math.exp((logs[logs.length - 1 - back] as number) + shift)),
    );
  return { bars, process, prints };
}
