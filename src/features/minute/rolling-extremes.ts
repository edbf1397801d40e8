/** Largest values of the last `spans` minutes; minutes without a value are left out. */
export interface RollingExtremes {
  /** Adds the next minute; NaN for a minute without a value. */
  readonly push: (value: number) => void;
  /** Largest value of the last `spans[index]` minutes; −Infinity where there is none. */
  readonly max: (index: number) => number;
  /** Minutes of that window that have a value. */
  readonly covered: (index: number) => number;
  readonly reset: () => void;
}

interface Lane {
  readonly span: number;
  /** A ring of candidates, in which values fall and minutes rise. */
  readonly values: Float64Array;
  readonly minutes: Float64Array;
  readonly present: Uint8Array;
  first: number;
  size: number;
  covered: number;
}

const laneOf = (span: number): Lane => ({
  span,
  values: new Float64Array(span),
  minutes: new Float64Array(span),
  present: new Uint8Array(span),
  first: 0,
  size: 0,
  covered: 0,
});

/**
 * Monotonic queues, O(1) for each minute and span on average. To get the smallest values, push negated ones.
 */
export function rollingExtremes(spans: readonly number[]): RollingExtremes {
  let lanes = spans.map(laneOf);
  let minute = 0;

  const enter = (lane: Lane, value: number): void => {
    const { span, values, minutes, present } = lane;
    const slot = minute % span;
    const has = Number.isNaN(value) ? 0 : 1;
    lane.covered += has - (present[slot] as number);
    present[slot] = has;
    if (lane.size > 0 && (minutes[lane.first] as number) <= minute - span) {
      lane.first = (lane.first + 1) % span;
      lane.size--;
    }
    if (has === 0) return;
    while (lane.size > 0 && (values[(lane.first + lane.size - 1) % span] as number) <= value) lane.size--;
    const at = (lane.first + lane.size) % span;
    values[at] = value;
    minutes[at] = minute;
    lane.size++;
  };
  return {
    push: (value) => {
      for (const lane of lanes) enter(lane, value);
      minute++;
    },
    max: (index) => {
      const lane = lanes[index];
      return lane && lane.size > 0 ? (lane.values[lane.first] as number) : Number.NEGATIVE_INFINITY;
    },
    covered: (index) => lanes[index]?.covered ?? 0,
    reset: () => {
      lanes = spans.map(laneOf);
      minute = 0;
    },
  };
}
