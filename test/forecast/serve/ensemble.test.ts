import { describe, expect, test } from '@jest/globals';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import type { MinuteRow } from '../../../src/features/rows/minute-row.ts';
import type { Member, MemberInput, Quantiles } from '../../../src/forecast/members/member.ts';
import {
  MEMBER_MINUTES,
  type ModelFold,
  type Models,
} from '../../../src/forecast/members/models-manifest.ts';
import { type EnsembleForecast, ensemble, FORECASTERS } from '../../../src/forecast/serve/ensemble.ts';
import { random } from '../../support/random.ts';
import { handFold, handMember, handModels, handRow } from '../hand-models.ts';
import { handBackbone } from '../models.ts';

const FROM = Date.UTC(2026, 1, 2) * 1_000;

/** Rows one a minute from `FROM` whose log variances are random about −16; `variance…` is what had come by then, as the rows themselves say. */
function randomRows(seed: number, count: number, step = MINUTE): readonly MinuteRow[] {
  const { normal } = random(seed);
  return Array.from({ length: count }, (_, i) => handRow(FROM + i * step, () => -16 + 0.7 * normal()));
}
const said = async (
  rows: readonly MinuteRow[],
  members: readonly Member[],
  { models = handModels(), fold = handFold() }: { readonly models?: Models; readonly fold?: ModelFold } = {},
): Promise<readonly EnsembleForecast[]> => {
  const { forecast } = ensemble(models, fold, handBackbone(), members);
  const forecasts: EnsembleForecast[] = [];
  for (const row of rows) forecasts.push(await forecast(row));
  return forecasts;
};
const column = (name: string): number => handRow(0, (each) => (each === name ? 1 : 0)).values.indexOf(1);
const realised = (row: MinuteRow, minutes: number): number =>
  row.values[column(`variance${minutes}`)] as number;
/** The backbone made by hand forecasts the mean of the last hour's and the last day's. */
const backboneSays = (row: MinuteRow): number => (realised(row, 60) + realised(row, 1_440)) / 2;

const steady = (name: Member['name'], ...values: readonly number[]): Member =>
  handMember(name, () => MEMBER_MINUTES.map((_, h) => values[h % values.length] as number));
const weighted = (lightgbm: number, patchtst: number, logScale = 0): ModelFold =>
  handFold({
    horizons: handFold().horizons.map((horizon) => ({
      ...horizon,
      weights: { lightgbm, patchtst },
      logScale: { harX: logScale, lightgbm: logScale, patchtst: logScale, ensemble: logScale },
    })),
  });
const ENDS = { low: Float64Array.of(-1, -1, -1, -1), high: Float64Array.of(1, 0.8, 0.6, 0.4) };
const quantiled = (ends: Quantiles = ENDS): Member =>
  handMember('lightgbm', () => [0.1, 0.2, 0.3, 0.4], ends);
/** Constants that differ by end and horizon. */
const banded = (fold: ModelFold = handFold()): ModelFold => ({
  ...fold,
  horizons: fold.horizons.map((horizon, h) => ({
    ...horizon,
    band: { low: -0.1 * (h + 1), high: 0.2 - 0.1 * h },
  })),
});
const round = (values: ArrayLike<number> | undefined): readonly number[] =>
  Array.from(values ?? [], (value) => Math.round(value * 1e9) / 1e9);

describe('ensemble', () => {
  test('is the backbone plus each member’s correction by its weight, times the fitted scale', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const members = [steady('lightgbm', 0.1, 0.2, 0.3, 0.4), steady('patchtst', -0.2)];
    const [first] = await said([row], members, { fold: weighted(0.5, 0.25, 0.03) });
    const base = backboneSays(row) + 0.03;
    expect(round(first?.logs.harX)).toEqual(round([base, base, base, base]));
    expect(round(first?.logs.lightgbm)).toEqual(round([0.1, 0.2, 0.3, 0.4].map((each) => base + each)));
    expect(round(first?.logs.patchtst)).toEqual(round([base, base, base, base].map((each) => each - 0.2)));
    expect(round(first?.logs.ensemble)).toEqual(
      round([0.1, 0.2, 0.3, 0.4].map((each) => base + 0.5 * each - 0.25 * 0.2)),
    );
    expect(first).toMatchObject({ at: row.at, leader: 'ensemble', members: ['lightgbm', 'patchtst'] });
  });

  test('a member that is missing or abstains adds nothing, says NaN and is not among the members', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const abstains = handMember('patchtst', () => undefined);
    for (const members of [[steady('lightgbm', 0.4)], [abstains, steady('lightgbm', 0.4)]]) {
      const [only] = await said([row], members, { fold: weighted(0.5, 0.25) });
      expect(only?.logs.ensemble[2]).toBeCloseTo(backboneSays(row) + 0.2, 9);
      expect(only?.logs.patchtst.every(Number.isNaN)).toBe(true);
      expect(only?.members).toEqual(['lightgbm']);
    }
    const [alone] = await said([row], []);
    expect(alone?.logs.ensemble).toEqual(alone?.logs.harX);
    expect(alone?.members).toEqual([]);
    expect(alone?.confidence.disagreement).toBe(0);
  });

  test('members read the backbone’s forecasts, before any scale, and the row’s own inputs', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const seen: MemberInput[] = [];
    const spy = handMember('lightgbm', (input) => {
      seen.push(input);
      return undefined;
    });
    await said([row], [spy], { fold: weighted(1, 1, 2) });
    expect(round(seen[0]?.harX)).toEqual(round(MEMBER_MINUTES.map(() => backboneSays(row))));
    expect(seen[0]).toMatchObject({ at: row.at, inputs: row.inputs, window: row.window, windowReturns: 512 });
  });

  test('what was said is completed by the variance of the later row that looks back on it: scales are those of a naive list', async () => {
    const rows = randomRows(5, 4.5 * 1_440 - 3).filter((_, i) => i % 977 > 70);
    const members = [
      handMember('lightgbm', ({ at }) => MEMBER_MINUTES.map((minutes) => Math.sin(at / MINUTE + minutes))),
      handMember('patchtst', ({ at }) => (at % DAY < DAY / 3 ? undefined : [0.1, 0.2, -0.1, 0.3])),
    ];
    const models = handModels();
    const fold = weighted(0.5, 0.25, 0.2);
    const forecasts = await said(rows, members, { models, fold });
    const { spanDays, priorWeight } = models.scale;

    const raws = await said(rows, members, {
      models: handModels({ scale: { spanDays, priorWeight: 1e15 } }),
      fold: weighted(0.5, 0.25, 0),
    });
    const byAt = new Map(rows.map((row, i) => [row.at, i]));
    const scaleAt = (name: (typeof FORECASTERS)[number], h: number, at: number): number => {
      const minutes = MEMBER_MINUTES[h] as number;
      const completed = rows.flatMap((row, i) => {
        const later = rows[byAt.get(row.at + minutes * MINUTE) ?? -1];
        const forecast = raws[i]?.logs[name][h] as number;
        return row.at % (5 * MINUTE) === 0 && later && later.at <= at && !Number.isNaN(forecast)
          ? [{ day: Math.floor(later.at / DAY), ratio: Math.exp(realised(later, minutes) - forecast) }]
          : [];
      });
      const lastDay = completed.at(-1)?.day ?? 0;
      const counted = completed.filter(({ day }) => day > lastDay - spanDays);
      const sum = counted.reduce((total, { ratio }) => total + Math.min(50, ratio), 0);
      return Math.log((priorWeight * Math.exp(0.2) + sum) / (priorWeight + counted.length));
    };
    const wrong = [0, 31, 90, 700, 1_777, 3_000, 4_400, rows.length - 1].flatMap((i) =>
      FORECASTERS.flatMap((name) =>
        MEMBER_MINUTES.flatMap((minutes, h) => {
          const [told, raw] = [forecasts[i]?.logs[name][h] as number, raws[i]?.logs[name][h] as number];
          const expected = raw + scaleAt(name, h, rows[i]?.at ?? 0);
          return Object.is(told, expected) || Math.abs(told - expected) < 1e-8
            ? []
            : [{ i, name, minutes, told, expected }];
        }),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('no look at the future: whatever later rows hold, earlier forecasts stay as they were', async () => {
    const rows = randomRows(6, 400);
    const other = randomRows(7, 400);
    const members = [steady('lightgbm', 0.1), steady('patchtst', -0.3)];
    const whole = await said(rows, members);
    for (const cut of [1, 61, 300]) {
      const mixed = await said([...rows.slice(0, cut), ...other.slice(cut)], members);
      expect(mixed.slice(0, cut)).toEqual(whole.slice(0, cut));
      expect(mixed[cut]).not.toEqual(whole[cut]);
    }
  });

  test('it is judged at every fifth minute: forecasts between change neither what the next ones say nor what has drifted', async () => {
    const rows = randomRows(8, 1_500);
    const members = [steady('lightgbm', 0.1)];
    const far = { low: -99, high: 99, deciles: Array.from({ length: 9 }, (_, i) => 50 + i) };
    const fold = handFold({ ranges: { harx15: far } });
    const fifths = rows.filter(({ at }) => at % (5 * MINUTE) === 0);
    const all = await said(rows, members, { fold });
    expect(await said(fifths, members, { fold })).toEqual(all.filter(({ at }) => at % (5 * MINUTE) === 0));
    expect(all.at(-1)?.confidence.drifted).toBe(0);
  });

  test('the backbone leads while the ensemble loses by the manifest’s rule, and hands back once it wins again', async () => {
    const rows = randomRows(9, 6 * 288, 5 * MINUTE);
    const coming = new Map(rows.map((row) => [row.at, row]));
    const turnAt = FROM + 2 * DAY;
    // Noise for two days, and then it knows what will come.
    const member = handMember('lightgbm', ({ at, harX }) =>
      MEMBER_MINUTES.map((minutes, h) => {
        if (at < turnAt) return at % (10 * MINUTE) === 0 ? 1 : -1;
        const then = coming.get(at + minutes * MINUTE);
        return then ? realised(then, minutes) - (harX[h] as number) : 0;
      }),
    );
    const forecasts = await said(rows, [member]);
    const leaders = forecasts.map(({ leader }) => leader);
    const taken = leaders.indexOf('harX');
    const back = leaders.lastIndexOf('harX') + 1;
    expect(leaders.slice(0, taken).every((leader) => leader === 'ensemble')).toBe(true);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(60);
    expect(leaders.slice(taken, back).every((leader) => leader === 'harX')).toBe(true);
    expect(back).toBeGreaterThan(2 * 288);
    expect(back).toBeLessThan(4 * 288);
    for (const { leader, confidence } of forecasts.slice(taken)) {
      if (leader === 'ensemble') expect(confidence.qlikeRatio).toBeLessThanOrEqual(1.1);
      else expect(confidence.qlikeRatio).toBeGreaterThanOrEqual(0.95);
    }
  });

  test('confidence is whole when members agree on known ground, and halves by disagreement and by what is outside training', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const range = { low: -20, high: -10, deciles: Array.from({ length: 9 }, (_, i) => -17 + i / 4) };
    const fold = handFold({ ranges: { harx15: range } });
    const at = (correction: number, value = row) =>
      said([value], [steady('lightgbm', correction), steady('patchtst', correction)], { fold });
    const [[agreed], [apart], [beyond]] = [
      await at(0),
      await at(0.3),
      await at(
        0,
        handRow(FROM, () => -9),
      ),
    ];
    expect(agreed?.confidence).toMatchObject({ disagreement: 0, outside: 0, drifted: 0, value: 1 });
    const spread = Math.sqrt((0.2 ** 2 + 2 * 0.1 ** 2) / 3);
    expect(apart?.confidence.disagreement).toBeCloseTo(spread, 9);
    expect(apart?.confidence.value).toBeCloseTo(2 ** -(spread / 0.35), 9);
    expect(beyond?.confidence).toMatchObject({ outside: 1 });
    expect(beyond?.confidence.value).toBeCloseTo(2 ** -10, 9);
    const [unwatched] = await said([row], []);
    expect(unwatched?.confidence).toMatchObject({ outside: 0, drifted: 0, value: 1, qlikeRatio: null });
  });

  test('the band is what the quantiles and the manifest’s constants make of the backbone’s own forecast: no scale, no correction, no weight', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const first = (await said([row], [quantiled()], { fold: banded(weighted(0.5, 0.25, 0.7)) }))[0];
    const base = backboneSays(row);
    expect(round(first?.band?.low)).toEqual(round([-1.1, -1.2, -1.3, -1.4].map((each) => base + each)));
    expect(round(first?.band?.high)).toEqual(round([1.2, 0.9, 0.6, 0.3].map((each) => base + each)));
  });

  test('ends that cross meet in the middle', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const crossing = { low: Float64Array.of(0.5, 0, 0, 0), high: Float64Array.of(-0.5, 0, 0, 0.5) };
    const [first] = await said([row], [quantiled(crossing)], { fold: banded() });
    expect(first?.band?.low[0]).toBe(first?.band?.high[0]);
    expect(first?.band?.low[0]).toBeCloseTo(backboneSays(row) + 0.05, 9);
    for (const [h, low] of (first?.band?.low ?? []).entries())
      expect(low).toBeLessThanOrEqual(first?.band?.high[h] ?? Number.NaN);
  });

  test('there is no band without constants, without quantiles, from a member that abstains, or while the backbone leads', async () => {
    const [row] = randomRows(1, 1) as [MinuteRow];
    const of = async (members: readonly Member[], fold: ModelFold) =>
      (await said([row], members, { fold }))[0];
    expect(await of([quantiled()], banded())).toHaveProperty('band');
    expect(await of([steady('patchtst', 0.1), quantiled()], banded())).toHaveProperty('band');
    expect(await of([quantiled()], handFold())).not.toHaveProperty('band');
    expect(await of([steady('lightgbm', 0.1)], banded())).not.toHaveProperty('band');
    expect(await of([handMember('lightgbm', () => undefined)], banded())).not.toHaveProperty('band');
    const noisy = handMember(
      'lightgbm',
      ({ at }) => new Array<number>(4).fill(at % (10 * MINUTE) === 0 ? 1.5 : -1.5),
      ENDS,
    );
    const forecasts = await said(randomRows(4, 2 * 288, 5 * MINUTE), [noisy], { fold: banded() });
    expect(new Set(forecasts.map(({ leader }) => leader))).toEqual(new Set(['ensemble', 'harX']));
    for (const { leader, band } of forecasts) expect(band !== undefined).toBe(leader === 'ensemble');
  });

  test('a member’s failure is the forecast’s', async () => {
    const broken: Member = {
      name: 'lightgbm',
      answer: () => Promise.reject(new Error('no session')),
    };
    await expect(said(randomRows(1, 1), [broken])).rejects.toThrow('no session');
  });

  test('a fold without one of the four horizons is refused at once', () => {
    const fold = handFold({ horizons: handFold().horizons.filter(({ minutes }) => minutes !== 30) });
    expect(() => ensemble(handModels(), fold, handBackbone(), [])).toThrow(
      'ensemble: hand must have a horizon of 30 minutes, had none',
    );
  });
});
