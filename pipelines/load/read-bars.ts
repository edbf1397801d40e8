import type { MinuteBar } from '../../src/domain/bars.ts';
import { concatBars, concatVolumes, withVolumeOf } from '../../src/research/join-bars.ts';
import { type HistoryRange, readHistory } from '../../src/tape/history.ts';

/**
 * Joins the bars of several files in time. If files of volumes are given, the volume comes from those. Files
 * that cannot be used give the errors of `readHistory`.
 */
export async function readBars(
  bars: readonly string[],
  volume: readonly string[],
  range: HistoryRange = {},
): Promise<readonly MinuteBar[]> {
  const read = async (paths: readonly string[]): Promise<readonly (readonly MinuteBar[])[]> => {
    const parts: (readonly MinuteBar[])[] = [];
    for (const path of paths) parts.push(await readHistory(path, range));
    return parts;
  };
  const prices = concatBars(await read(bars));
  if (volume.length > 0) return withVolumeOf(prices, concatVolumes(await read(volume)));
  // An index has no volume. That differs from a volume of zero.
  return prices.some((bar) => bar.volume > 0)
    ? prices
    : prices.map((bar) => ({ ...bar, volume: Number.NaN }));
}
