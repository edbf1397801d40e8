import type { MinuteBar } from '../domain/bars.ts';

/**
 * Bars of several files as one, oldest first. Where spans overlap, the later file in the list replaces the
 * earlier one, from its first bar to its last. Throws if there are no bars.
 */
export function concatBars(parts: readonly (readonly MinuteBar[])[]): readonly MinuteBar[] {
  let joined: readonly MinuteBar[] = [];
  for (const part of parts) {
    const [first, last] = [part[0]?.openAt, part.at(-1)?.openAt];
    if (first === undefined || last === undefined) continue;
    const before = joined.filter(({ openAt }) => openAt < first);
    joined = [...before, ...part, ...joined.filter(({ openAt }) => openAt > last)];
  }
  if (joined.length === 0) throw new Error('bars: there must be a bar, was none in any file');
  return joined;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/**
 * Joins the volumes of several sources, in the scale of the newest. Where spans overlap, the older source is
 * scaled by the ratio of the medians of the unflagged bars there. So one venue can replace another before the
 * other's record begins. Bars of a source without an overlap stay as they are.
 */
export function concatVolumes(parts: readonly (readonly MinuteBar[])[]): readonly MinuteBar[] {
  const ordered = parts
    .filter((part) => part.length > 0)
    .sort((a, b) => (a[0]?.openAt ?? 0) - (b[0]?.openAt ?? 0));
  const newest = ordered.at(-1);
  if (!newest) return concatBars(parts);
  const newer = new Map(newest.filter(({ flag }) => flag === 0).map((bar) => [bar.openAt, bar.volume]));
  return concatBars(
    ordered.map((part) => {
      if (part === newest) return part;
      const common = part.filter(({ openAt, flag }) => flag === 0 && newer.has(openAt));
      const ratio =
        median(common.map(({ openAt }) => newer.get(openAt) ?? Number.NaN)) /
        median(common.map(({ volume }) => volume));
      return Number.isFinite(ratio) ? part.map((bar) => ({ ...bar, volume: bar.volume * ratio })) : part;
    }),
  );
}

/**
 * Prices of one source with the volume of another: an index has no volume of its own. A minute that the other
 * source lacks, has not finished (flag 1) or has filled (flag 2) gets volume NaN, which features read as
 * "unknown". Both are oldest first.
 */
export function withVolumeOf(
  prices: readonly MinuteBar[],
  volumes: readonly MinuteBar[],
): readonly MinuteBar[] {
  let at = 0;
  return prices.map((bar) => {
    while (at < volumes.length && (volumes[at] as MinuteBar).openAt < bar.openAt) at++;
    const other = volumes[at];
    const known = other !== undefined && other.openAt === bar.openAt && other.flag === 0;
    return { ...bar, volume: known ? other.volume : Number.NaN };
  });
}
