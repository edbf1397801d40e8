import type { MinuteBar } from '../../../src/domain/bars.ts';
import { MINUTE, type Micros } from '../../../src/domain/time.ts';
import { random } from '../../support/random.ts';
import { randomBars } from '../bars.ts';

/** What may be wrong with a minute: nothing, its bar still forming (1) or filled from elsewhere (2), no bar, or a bar whose volume is not known. */
export type Fault = 'none' | 'forming' | 'filled' | 'missing' | 'noVolume';

/** A random walk with volumes, its minutes at fault as `faultOf` says; the first is always there. */
export function faultyBars(
  seed: number,
  length: number,
  faultOf: (minute: number) => Fault = () => 'none',
): MinuteBar[] {
  const { normal } = random(seed + 1);
  return randomBars(seed, length)
    .map((bar, i): MinuteBar => {
      const fault = faultOf(i);
      const volume = Math.exp(normal());
      return {
        ...bar,
        volume: fault === 'noVolume' ? Number.NaN : volume,
        flag: fault === 'forming' ? 1 : fault === 'filled' ? 2 : 0,
      };
    })
    .filter((_, i) => i === 0 || faultOf(i) !== 'missing');
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const format = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** New York's clock as `Intl` tells it; day 0 is Monday. */
export function newYorkClock(at: Micros): {
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
} {
  const parts = Object.fromEntries(format.formatToParts(at / 1_000).map(({ type, value }) => [type, value]));
  return {
    day: DAYS.indexOf(parts['weekday'] ?? ''),
    hour: Number(parts['hour']),
    minute: Number(parts['minute']),
  };
}

/** The calendar features, by name. */
export function calendarOracle(at: Micros): Readonly<Record<string, number>> {
  const { day, hour, minute } = newYorkClock(at);
  const ofDay = hour * 60 + minute;
  return {
    hourOfWeek: day * 24 + hour,
    minuteOfDay: ofDay,
    minuteOfHour: minute,
    weekend: day >= 5 ? 1 : 0,
    usSession: day < 5 && ofDay >= 570 && ofDay < 960 ? 1 : 0,
  };
}

/** A value of one minute and the minutes it speaks for. */
type Of = (i: number) => readonly [value: number, covers: number] | undefined;

/** The bars and memory sets from their definitions alone: a slot a minute, every window gone through anew. By name, as of `at`, the close of the last bar. */
export function barsOracle(bars: readonly MinuteBar[], at: Micros): Readonly<Record<string, number>> {
  const first = bars[0]?.openAt ?? 0;
  const slots = new Map(bars.map((bar) => [(bar.openAt - first) / MINUTE, bar]));
  const end = (at - first) / MINUTE;
  const good = (i: number): MinuteBar | undefined => (slots.get(i)?.flag === 0 ? slots.get(i) : undefined);
  // The return reaches back to the last good close, five minutes at most.
  const move: Of = (i) => {
    const bar = good(i);
    for (let back = 1; bar && back <= 5; back++) {
      const before = good(i - back);
      if (before) return [Math.log(bar.close / before.close), back];
    }
    return undefined;
  };
  const step: Of = (i) => (move(i)?.[1] === 1 ? move(i) : undefined);
  const made =
    (of: Of, by: (value: number) => number): Of =>
    (i) => {
      const found = of(i);
      return found && [by(found[0]), found[1]];
    };
  const ofBar =
    (by: (bar: MinuteBar) => number): Of =>
    (i) => {
      const bar = good(i);
      const value = bar ? by(bar) : Number.NaN;
      return Number.isNaN(value) ? undefined : [value, 1];
    };
  const square = made(move, (r) => r * r);
  const parkinson = ofBar(({ high, low }) => Math.log(high / low) ** 2 / (4 * Math.LN2));
  const garmanKlass = ofBar(({ open, high, low, close }) =>
    Math.max(0, 0.5 * Math.log(high / low) ** 2 - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2),
  );
  const bipower: Of = (i) => {
    const [now, before] = [step(i), step(i - 1)];
    return now && before && [(Math.PI / 2) * Math.abs(now[0] * before[0]), 1];
  };
  const coarse: Of = (i) => {
    const [now, before] = [good(i), good(i - 5)];
    return now && before && [Math.log(now.close / before.close) ** 2 / 5, 1];
  };
  const volume = ofBar((bar) => bar.volume);

  const window = (of: Of, minutes: number): readonly (readonly [number, number])[] =>
    Array.from({ length: Math.min(minutes, end) }, (_, k) => of(end - 1 - k)).filter(
      (found) => found !== undefined,
    );
  /** Sum and minutes spoken for; NaN where less than half the window, or ten hours of a long one, is. */
  const total = (of: Of, minutes: number): readonly [sum: number, covered: number] => {
    const found = window(of, minutes);
    const covered = found.reduce((sum, [, covers]) => sum + covers, 0);
    const sum = found.reduce((all, [value]) => all + value, 0);
    return covered < Math.min(Math.ceil(minutes / 2), 600) ? [Number.NaN, Number.NaN] : [sum, covered];
  };
  const mean = (of: Of, minutes: number): number => {
    const [sum, covered] = total(of, minutes);
    return sum / covered;
  };
  const logMean = (of: Of, minutes: number, floor = 1e-9): number => Math.log(mean(of, minutes) + floor);
  const most = (of: Of, minutes: number): number => {
    const known = total(of, minutes)[1];
    return Number.isNaN(known) ? known : Math.max(...window(of, minutes).map(([value]) => value));
  };

  const lastClose = (): number => {
    const lastGood = [...slots.keys()].sort((a, b) => b - a).find((i) => good(i));
    return Math.log(slots.get(lastGood ?? 0)?.close ?? Number.NaN);
  };
  const logDistance = (away: number, minutes: number): number => Math.log(away ** 2 / minutes + 1e-12);

  const windowed: Readonly<Record<string, (minutes: number) => number>> = {
    rv: (minutes) => logMean(square, minutes),
    pk: (minutes) => logMean(parkinson, minutes),
    gk: (minutes) => logMean(garmanKlass, minutes),
    bv: (minutes) => logMean(bipower, minutes),
    coarse: (minutes) => logMean(coarse, minutes),
    jump: (minutes) => Math.max(0, 1 - mean(bipower, minutes) / mean(square, minutes)),
    down: (minutes) =>
      total(
        made(move, (r) => (r < 0 ? r * r : 0)),
        minutes,
      )[0] / total(square, minutes)[0],
    rq: (minutes) =>
      logMean(
        made(step, (r) => r ** 4),
        minutes,
        1e-18,
      ),
    net: (minutes) => {
      const [sum, covered] = total(move, minutes);
      return Math.log(sum ** 2 / covered + 1e-8);
    },
    ret: (minutes) => total(move, minutes)[0],
    range: (minutes) => {
      const wide =
        most(
          ofBar(({ high }) => Math.log(high)),
          minutes,
        ) +
        most(
          ofBar(({ low }) => -Math.log(low)),
          minutes,
        );
      return Math.log(wide ** 2 / (4 * Math.LN2 * minutes) + 1e-9);
    },
    high: (minutes) =>
      logDistance(
        most(
          ofBar(({ high }) => Math.log(high)),
          minutes,
        ) - lastClose(),
        minutes,
      ),
    low: (minutes) =>
      logDistance(
        most(
          ofBar(({ low }) => -Math.log(low)),
          minutes,
        ) + lastClose(),
        minutes,
      ),
    days: (minutes) => {
      const found = Array.from({ length: 7 * minutes }, (_, i) =>
        square(end - 1_440 * (1 + Math.floor(i / minutes)) + (i % minutes)),
      ).filter((each) => each !== undefined);
      const covered = found.reduce((sum, [, covers]) => sum + covers, 0);
      const sum = found.reduce((all, [value]) => all + value, 0);
      return covered < minutes / 2 ? Number.NaN : Math.log(sum / covered + 1e-9);
    },
    abs: (minutes) => 2 * Math.log(mean(made(step, Math.abs), minutes) + 3e-5),
    max: (minutes) =>
      Math.log(
        most(
          made(step, (r) => r * r),
          minutes,
        ) + 1e-9,
      ),
    vol: (minutes) => logMean(volume, minutes, 1e-3),
    volZ: (minutes) =>
      logMean(volume, minutes, 1e-3) -
      mean(
        ofBar((bar) => Math.log(bar.volume + 1e-3)),
        1_440,
      ),
  };
  const names = {
    rv: [5, 15, 60, 120, 240, 720, 1_440, 10_080],
    pk: [1, 5, 15, 240],
    gk: [15],
    bv: [1_440],
    jump: [1_440],
    down: [15, 240],
    rq: [60],
    net: [15, 60, 240],
    ret: [5, 15, 60, 240, 1_440],
    range: [15, 60, 240, 1_440],
    abs: [15, 240],
    max: [240],
    coarse: [1_440, 10_080],
    vol: [5, 15, 60, 1_440],
    volZ: [60],
    high: [15, 60, 240, 1_440, 4_320, 10_080],
    low: [15, 60, 240, 1_440, 4_320, 10_080],
    days: [15, 60],
  };
  const values = Object.entries(names).flatMap(([stem, spans]) =>
    spans.map((minutes) => [`${stem}${minutes}`, windowed[stem]?.(minutes) ?? Number.NaN] as const),
  );
  return { ...Object.fromEntries(values), ...calendarOracle(at) };
}
