import { getHeapStatistics } from 'node:v8';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { concatBars, concatVolumes, withVolumeOf } from '../../src/research/join-bars.ts';
import { type HistoryRange, readHistory } from '../../src/tape/history.ts';

/**
 * Memory that the research on one bar takes in all its steps: measured on 1.7 million bars, which 768 MB hold and
 * 512 MB do not.
 */
const BYTES_PER_BAR = 400;

/** How many bars fit into what V8 may use. Past its limit V8 ends the process without a word of ours. */
const fitting = (): number => Math.floor(getHeapStatistics().heap_size_limit / BYTES_PER_BAR);

/**
 * Joins the bars of several files in time. If files of volumes are given, the volume comes from those. Files
 * that cannot be used give the errors of `readHistory`, and so do more bars than fit into memory.
 */
export async function readBars(
  bars: readonly string[],
  volume: readonly string[],
  range: HistoryRange = {},
): Promise<readonly MinuteBar[]> {
  let room = fitting();
  const read = async (paths: readonly string[]): Promise<readonly (readonly MinuteBar[])[]> => {
    const parts: (readonly MinuteBar[])[] = [];
    for (const path of paths) {
      const part = await readHistory(path, { ...range, mostBars: room });
      room -= part.length;
      parts.push(part);
    }
    return parts;
  };
  const prices = concatBars(await read(bars));
  if (volume.length > 0) return withVolumeOf(prices, concatVolumes(await read(volume)));
  // An index has no volume. That differs from a volume of zero.
  return prices.some((bar) => bar.volume > 0)
    ? prices
    : prices.map((bar) => ({ ...bar, volume: Number.NaN }));
}
