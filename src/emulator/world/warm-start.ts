import type { MinuteBar } from '../../domain/bars.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import type { EmulatedAsset } from '../emulated-asset.ts';
import type { EmulatorSettings } from '../settings.ts';
import { atOnce } from './at-once.ts';
import { type IndexPrints, indexPrints } from './index-prints.ts';
import { type PriceProcess, priceProcess } from './price-process.ts';
import { randomOf } from './random.ts';
import { followingShocks, leadingShocks } from './shocks.ts';

/** The state of an asset when the session begins. */
export interface WarmStart {
  /** Closed bars before the session, oldest first; the last one ends where the session starts. */
  readonly bars: readonly MinuteBar[];
  readonly process: PriceProcess;
  readonly prints: IndexPrints;
}

/** Seconds of prints before the start: more than the longest mean that is streamed. */
const PRINTED = 1_000;
/** About ten milliseconds of work. */
const PAUSE_SECONDS = 7_200;
const USUAL_PRICE_DECIMALS = 2;

interface Path {
  readonly asset: EmulatedAsset;
  readonly process: PriceProcess;
  readonly logs: Float64Array;
  readonly activity: Float64Array;
}

/** Processes of the assets, the first one leading. They must be advanced in this order. */
function processes(
  { seed, correlation }: EmulatorSettings,
  assets: readonly EmulatedAsset[],
): readonly PriceProcess[] {
  const leading = leadingShocks(randomOf(seed).split('price'));
  const follow = followingShocks(leading, correlation, randomOf(seed).split('common factor'));
  return assets.map((asset, i) =>
    priceProcess(asset, i === 0 ? leading : follow(randomOf(asset.seed).split('price'))),
  );
}

/**
 * The warm start that follows from an asset's path before the start, after the path is shifted to end at the
 * requested price.
 */
function warmed({ asset, process, logs, activity }: Path, firstAt: Micros, startAt: Micros): WarmStart {
  const volume = randomOf(asset.seed).split('history volume');
  const shift = Math.log(asset.startDollars) - process.logPrice();
  process.shift(shift);
  const scale = 10 ** (asset.pair?.priceDecimals ?? USUAL_PRICE_DECIMALS);
  const dollars = (log: number): number => Math.round(Math.exp(log + shift) * scale) / scale;

  const bars = Array.from(activity, (active, m): MinuteBar => {
    const span = logs.subarray(m * 60, m * 60 + 61);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const log of span) {
      if (log < low) low = log;
      if (log > high) high = log;
    }
    const coins = asset.minuteVolume * Math.sqrt(active) * Math.exp(0.8 * volume.normal() - 0.32);
    return {
      openAt: firstAt + m * MINUTE,
      open: dollars(span[0] as number),
      high: dollars(high),
      low: dollars(low),
      close: dollars(span[60] as number),
      volume: Math.round(coins * 1e8) / 1e8,
      flag: 0,
    };
  });

  const prints = indexPrints();
  for (let back = Math.min(PRINTED, logs.length - 1); back > 0; back--)
    prints.record(
      startAt / SECOND - back,
      Math.round(asset.unitsPerDollar * Math.exp((logs[logs.length - 1 - back] as number) + shift)),
    );
  return { bars, process, prints };
}

/**
 * Runs the processes in steps of a second up to `startAt`, each ending at its asset's `startDollars`. It stops
 * after every two hours of the market, for a caller that has other work in between.
 */
export function* warming(
  settings: EmulatorSettings,
  assets: readonly EmulatedAsset[],
): Generator<undefined, readonly WarmStart[]> {
  const { historyMinutes } = settings;
  const startAt = Date.parse(settings.startAt) * MILLISECOND;
  const firstAt = startAt - historyMinutes * MINUTE;
  const running = processes(settings, assets);
  const paths = assets.map(
    (asset, i): Path => ({
      asset,
      process: running[i] as PriceProcess,
      logs: new Float64Array(historyMinutes * 60 + 1),
      activity: new Float64Array(historyMinutes),
    }),
  );
  for (let i = 0; i < historyMinutes * 60; i++) {
    if (i % PAUSE_SECONDS === PAUSE_SECONDS - 1) yield;
    const at = firstAt + i * SECOND;
    for (const { process, logs, activity } of paths) {
      logs[i] = process.logPrice();
      if (i % 60 === 0) activity[i / 60] = process.activity(at);
      process.advance(at, SECOND);
    }
  }
  for (const { process, logs } of paths) logs[logs.length - 1] = process.logPrice();
  return paths.map((path) => warmed(path, firstAt, startAt));
}

/** The same in one go. */
export const warmStart = (
  settings: EmulatorSettings,
  assets: readonly EmulatedAsset[],
): readonly WarmStart[] => atOnce(warming(settings, assets));
