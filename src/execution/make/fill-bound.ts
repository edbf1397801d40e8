import type { Count } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import type { MakeSettings } from './make-settings.ts';

/** Counts fills of one close, as an order group does at the venue. */
export interface FillBound {
  /** A fill at `at`; true if more has filled within the span than is allowed. */
  readonly filled: (close: string, count: Count, at: Micros) => boolean;
}

/** Begins with no fills. */
export function fillBound({
  fillsMaxCount,
  fillsSpanMicros,
}: Pick<MakeSettings, 'fillsMaxCount' | 'fillsSpanMicros'>): FillBound {
  const byClose = new Map<string, { readonly at: Micros; readonly count: Count }[]>();
  return {
    filled: (close, count, at) => {
      const recent = (byClose.get(close) ?? []).filter((fill) => fill.at > at - fillsSpanMicros);
      recent.push({ at, count });
      byClose.set(close, recent);
      return recent.reduce((sum, fill) => sum + fill.count, 0) > fillsMaxCount;
    },
  };
}
