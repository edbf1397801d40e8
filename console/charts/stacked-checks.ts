import type { AbstentionPoint } from '../../src/console/state.ts';

/** Abstentions summed over spans of time: one layer for each of the most frequent checks and one for all others. */
export interface StackedChecks {
  /** Beginning of each span, in seconds. */
  readonly xs: readonly number[];
  /** Width of a span, in seconds. */
  readonly width: number;
  readonly layers: readonly {
    /** Name of the check; undefined for all others together. */
    readonly check: string | undefined;
    readonly total: number;
    readonly counts: readonly number[];
    /** Count of this layer and of all that are shown under it; what is hidden counts as nothing. */
    readonly tops: readonly number[];
  }[];
}

const MINUTE = 60_000_000;
const WIDTHS = [1, 2, 5, 10, 15, 30, 60];

/**
 * Sums the points in at most `most` spans, two at least, of 1 to 60 minutes or of whole hours. The `layers` most frequent checks have a layer each,
 * the most frequent at the bottom.
 */
export function stackedChecks(
  points: readonly AbstentionPoint[],
  {
    most,
    layers,
    hidden,
  }: { readonly most: number; readonly layers: number; readonly hidden: ReadonlySet<string> },
): StackedChecks {
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? 0;
  const minutes =
    WIDTHS.find((width) => (last - first) / (width * MINUTE) < most - 1) ??
    60 * Math.ceil((last - first) / (60 * MINUTE * (most - 1)));
  const width = minutes * MINUTE;
  const spans = new Map<number, Record<string, number>>();
  const totals: Record<string, number> = {};
  for (const { at, byCheck } of points) {
    const start = Math.floor(at / width) * width;
    const sums = spans.get(start) ?? {};
    spans.set(start, sums);
    for (const [check, count] of Object.entries(byCheck)) {
      sums[check] = (sums[check] ?? 0) + count;
      totals[check] = (totals[check] ?? 0) + count;
    }
  }
  const ranked = Object.entries(totals)
    .filter(([, total]) => total > 0)
    .sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))
    .map(([check]) => check);
  // A layer for the rest is worth its place only if it holds more than one check.
  const named = ranked.length <= layers + 1 ? ranked : ranked.slice(0, layers);
  const rest = ranked.slice(named.length);
  const starts = [...spans.keys()].sort((a, b) => a - b);
  const tops = starts.map(() => 0);
  const layer = (check: string | undefined, members: readonly string[]): StackedChecks['layers'][number] => {
    const counts = starts.map((start) =>
      members.reduce((sum, member) => sum + (spans.get(start)?.[member] ?? 0), 0),
    );
    if (!hidden.has(check ?? ''))
      counts.forEach((count, at) => {
        tops[at] = (tops[at] ?? 0) + count;
      });
    return { check, total: counts.reduce((sum, count) => sum + count, 0), counts, tops: [...tops] };
  };
  return {
    xs: starts.map((start) => start / 1e6),
    width: width / 1e6,
    layers: [
      ...named.map((check) => layer(check, [check])),
      ...(rest.length > 0 ? [layer(undefined, rest)] : []),
    ],
  };
}
