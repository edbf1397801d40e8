/** Minutes of a week and of a day. */
const WEEK = 10_080;
const DAY = 1_440;
const HOURS_OF_WEEK = 168;

/** Limit for the ratio of a minute's variance to its day's, so that one crash does not become a season. */
const LARGEST_RATIO = 50;

/** Gaussian bandwidth that smooths a day's profile, in minutes. */
const BANDWIDTH = 4;

/**
 * Seasonal pattern of variance over a week that begins on Monday at 00:00: the day's profile times the hour's
 * own factor.
 */
export interface WeekSeason {
  /** Relative variance by minute of the day, Monday to Friday; 1,440 values. */
  readonly weekday: readonly number[];
  /** The same for Saturday and Sunday. */
  readonly weekend: readonly number[];
  /** Factor by hour of the week; 168 values. */
  readonly hourOfWeek: readonly number[];
}

/**
 * Estimates the season from one-minute squared returns (`covers` ≠ 1 marks a minute without one) and each
 * minute's place in the week. Each square is divided by the mean of the day around it. The mean ratio of each
 * minute of the day is smoothed. Where a mean ratio differs from the smooth line by more than one standard
 * error, the excess is added back (soft threshold), so that announcements at 8:30 and the bell at 9:30 stay
 * sharp.
 */
export function fitWeekSeason(
  squares: Float64Array,
  covers: Uint8Array,
  minuteOfWeek: (index: number) => number,
): WeekSeason {
  const length = squares.length;
  const sums = new Float64Array(length + 1);
  const counts = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) {
    sums[i + 1] = (sums[i] as number) + (squares[i] as number);
    counts[i + 1] = (counts[i] as number) + (covers[i] as number);
  }
  const days = [dayMoments(), dayMoments()] as const;
  const ratios = new Float64Array(length).fill(Number.NaN);
  for (let i = 0; i < length; i++) {
    if (covers[i] !== 1) continue;
    const from = Math.max(0, i - DAY / 2);
    const to = Math.min(length, i + DAY / 2);
    const covered = (counts[to] as number) - (counts[from] as number);
    const level = ((sums[to] as number) - (sums[from] as number)) / covered;
    if (!(covered >= DAY / 4 && level > 0)) continue;
    const ratio = Math.min((squares[i] as number) / level, LARGEST_RATIO);
    ratios[i] = ratio;
    const minute = minuteOfWeek(i);
    days[minute < 5 * DAY ? 0 : 1].add(minute % DAY, ratio);
  }
  const [weekday, weekend] = [days[0].profile(), days[1].profile()];

  const seen = new Float64Array(HOURS_OF_WEEK);
  const expected = new Float64Array(HOURS_OF_WEEK);
  for (let i = 0; i < length; i++) {
    const ratio = ratios[i] as number;
    if (Number.isNaN(ratio)) continue;
    const minute = minuteOfWeek(i);
    const hour = Math.floor(minute / 60);
    seen[hour] = (seen[hour] as number) + ratio;
    expected[hour] =
      (expected[hour] as number) + ((minute < 5 * DAY ? weekday : weekend)[minute % DAY] as number);
  }
  const hourOfWeek = Array.from(seen, (sum, hour) => {
    if (!(sum > 0))
      throw new Error(`seasons: every hour of the week needs returns, was none in hour ${hour}`);
    return rounded(sum / (expected[hour] as number));
  });
  return { weekday, weekend, hourOfWeek };
}

/** Relative variance by minute of the week, 10,080 values with mean 1. */
export function weekProfile({ weekday, weekend, hourOfWeek }: WeekSeason): Float64Array {
  const profile = Float64Array.from({ length: WEEK }, (_, minute) => {
    const day = minute < 5 * DAY ? weekday : weekend;
    return (day[minute % DAY] as number) * (hourOfWeek[Math.floor(minute / 60)] as number);
  });
  const mean = profile.reduce((sum, value) => sum + value, 0) / WEEK;
  return profile.map((value) => value / mean);
}

/**
 * Log of the mean of a week's profile over whole minutes before or after a minute of the week. Both go round
 * at the week's end.
 */
export interface SeasonWindows {
  readonly logMeanAhead: (minuteOfWeek: number, minutes: number) => number;
  readonly logMeanBehind: (minuteOfWeek: number, minutes: number) => number;
}

/**
 * Windows of at most a week over `profile`, O(1) each. A change to or from daylight saving time inside a
 * window is ignored.
 */
export function seasonWindows(profile: Float64Array): SeasonWindows {
  const sums = new Float64Array(3 * WEEK + 1);
  for (let i = 0; i < 3 * WEEK; i++) sums[i + 1] = (sums[i] as number) + (profile[i % WEEK] as number);
  const logMean = (from: number, minutes: number): number =>
    Math.log(((sums[from + minutes] as number) - (sums[from] as number)) / minutes);
  return {
    logMeanAhead: (minute, minutes) => logMean(WEEK + minute, minutes),
    logMeanBehind: (minute, minutes) => logMean(WEEK + minute - minutes, minutes),
  };
}

const dayMoments = () => {
  const counts = new Float64Array(DAY);
  const sums = new Float64Array(DAY);
  const squares = new Float64Array(DAY);
  return {
    add: (minute: number, ratio: number): void => {
      counts[minute] = (counts[minute] as number) + 1;
      sums[minute] = (sums[minute] as number) + ratio;
      squares[minute] = (squares[minute] as number) + ratio * ratio;
    },
    profile: (): readonly number[] => {
      const means = sums.map((sum, minute) => sum / (counts[minute] as number));
      if (means.some((mean) => !(mean > 0)))
        throw new Error(
          'seasons: every minute of the day needs returns on weekdays and weekends, was too short a history',
        );
      return Array.from(smoothed(means), (smooth, minute) => {
        const mean = means[minute] as number;
        const count = counts[minute] as number;
        const error =
          Math.sqrt(Math.max(0, (squares[minute] as number) / count - mean * mean) / count) / mean;
        const above = Math.log(mean / smooth);
        return rounded(smooth * Math.exp(Math.sign(above) * Math.max(0, Math.abs(above) - error)));
      });
    },
  };
};

const smoothed = (means: Float64Array): Float64Array => {
  const reach = 4 * BANDWIDTH;
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / BANDWIDTH) ** 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return means.map((_, minute) => {
    const around = weights.reduce(
      (sum, weight, i) => sum + weight * (means[(minute + i - reach + DAY) % DAY] as number),
      0,
    );
    return around / total;
  });
};

// Model files hold five digits, so the model is fitted on the rounded values that it will later read.
const rounded = (value: number): number => Number(value.toPrecision(5));
