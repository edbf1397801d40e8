import { describe, expect, test } from '@jest/globals';
import { concat, from, lastValueFrom, of, Subject, throwError, toArray } from 'rxjs';
import type { Forecast, VariancePath } from '../../../src/domain/events/forecast.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { MinuteRow } from '../../../src/features/rows/minute-row.ts';
import type { Member, MemberAnswer } from '../../../src/forecast/members/member.ts';
import { ensemble } from '../../../src/forecast/serve/ensemble.ts';
import { backboneForecaster, ensembleForecaster } from '../../../src/forecast/serve/forecaster.ts';
import { tailOf } from '../../../src/maths/tail-of.ts';
import { varianceBetween } from '../../../src/maths/variance-between.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { marbles } from '../../support/marbles.ts';
import { random } from '../../support/random.ts';
import { handFold, handMember, handModels, handRow } from '../hand-models.ts';
import { handBackbone } from '../models.ts';

const FROM = Date.UTC(2026, 1, 2) * 1_000;
const rowsOf = (seed: number, count: number, step = MINUTE): readonly MinuteRow[] => {
  const { normal } = random(seed);
  return Array.from({ length: count }, (_, i) => handRow(FROM + i * step, () => -16 + 0.5 * normal()));
};
const steady = handMember('lightgbm', () => [0.1, 0.2, 0.3, 0.4]);
const opened = (members: readonly Member[] = [steady]) =>
  ensembleForecaster(handModels(), handFold(), handBackbone(), members);

/** Answers when told to, in any order. */
function slowMember(): {
  readonly member: Member;
  readonly answer: (k: number) => void;
  readonly asked: () => number;
} {
  const waiting: ((value: MemberAnswer) => void)[] = [];
  return {
    member: {
      name: 'lightgbm',
      answer: () => new Promise((resolve) => waiting.push(resolve)),
    },
    answer: (k) => waiting[k]?.({ corrections: Float64Array.of(k, k, k, k) }),
    asked: () => waiting.length,
  };
}
/** What is comparable of a forecast: paths are functions. */
const plain = ({ at, receivedAt, model, horizons, confidence, annualisedVolatility }: Forecast) => ({
  at,
  receivedAt,
  model,
  horizons,
  confidence,
  annualisedVolatility,
});
/** Forecasts of rows that come one at a time, each answered before the next. */
const oneByOne = async (rows: readonly MinuteRow[], members?: readonly Member[]) => {
  const clock = tapeScheduler(FROM);
  const seen: Forecast[] = [];
  const row$ = new Subject<MinuteRow>();
  row$.pipe(opened(members).forecasts(clock)).subscribe((forecast) => seen.push(forecast));
  for (const row of rows) {
    row$.next(row);
    await clock.settle();
  }
  return seen.map(plain);
};

describe('ensembleForecaster', () => {
  test('says what the ensemble says, as a path to price by, with the reasons to believe it', async () => {
    const [row] = rowsOf(1, 1) as [MinuteRow];
    const clock = tapeScheduler(FROM);
    const forecasts = lastValueFrom(of(row).pipe(opened().forecasts(clock), toArray()));
    await clock.settle();
    const [forecast] = await forecasts;
    const said = await ensemble(handModels(), handFold(), handBackbone(), [steady]).forecast(row);
    expect(forecast).toMatchObject({
      kind: 'forecast',
      model: 'ensemble',
      at: FROM,
      receivedAt: FROM + 7,
      confidence: said.confidence,
    });
    const hour = 60 * Math.exp(said.logs.ensemble[3] as number);
    expect(forecast?.horizons[3]).toEqual({ minutes: 60, logVariance: expect.closeTo(Math.log(hour), 9) });
    expect((varianceBetween(forecast?.path as VariancePath, FROM, FROM + HOUR) ?? 0) / hour).toBeCloseTo(
      1,
      9,
    );
    expect(forecast?.annualisedVolatility).toBeCloseTo(Math.sqrt(hour * 8_760), 9);
    expect(tailOf(forecast?.tails ?? [], 300)).toEqual({ nu: 4, scale: 0.7 });
    expect(forecast?.asset).toBe('BTC');
    // Nothing has come true yet, and JSON knows no NaN.
    expect(forecast?.confidence?.qlikeRatio).toBeNull();
    expect(JSON.parse(JSON.stringify(forecast))).toStrictEqual(forecast);
    expect(structuredClone(forecast)).toStrictEqual(forecast);
  });

  test('each horizon has the band that the ensemble gives it, on the scale of its own forecast, and the two hours beyond none', async () => {
    const [row] = rowsOf(1, 1) as [MinuteRow];
    const quantiles = { low: Float64Array.of(-1, -2, -3, -4), high: Float64Array.of(1, 2, 3, 4) };
    const member = handMember('lightgbm', () => [0, 0, 0, 0], quantiles);
    const fold = handFold({
      horizons: handFold().horizons.map((horizon) => ({
        ...horizon,
        logSettle: 0.25,
        band: { low: -0.5, high: 0.5 },
      })),
    });
    const clock = tapeScheduler(FROM);
    const forecaster = ensembleForecaster(handModels(), fold, handBackbone(), [member]);
    const forecasts = lastValueFrom(of(row).pipe(forecaster.forecasts(clock)));
    await clock.settle();
    const { horizons } = await forecasts;
    expect(horizons.map(({ minutes }) => minutes)).toEqual([5, 15, 30, 60, 120]);
    // Neither scale nor correction, so the forecast is the backbone's own and its distance to the ends what was added to that.
    for (const [h, { logVariance, lowLogVariance, highLogVariance }] of horizons.slice(0, 4).entries()) {
      expect((lowLogVariance ?? Number.NaN) - logVariance).toBeCloseTo(-(h + 1) - 0.5, 9);
      expect((highLogVariance ?? Number.NaN) - logVariance).toBeCloseTo(h + 1 + 0.5, 9);
    }
    expect(Object.keys(horizons[4] ?? {}).sort()).toEqual(['logVariance', 'minutes']);
  });

  test('event time stands still while inference runs, and what was due waits for the forecast', async () => {
    const clock = tapeScheduler(FROM);
    const { member, answer } = slowMember();
    const seen: string[] = [];
    clock.schedule(() => {
      seen.push('timer');
    }, 1);
    from(rowsOf(1, 1))
      .pipe(opened([member]).forecasts(clock))
      .subscribe(({ model }) => seen.push(`${model} at ${clock.at - FROM}`));
    expect(clock.holding()).toBe(true);
    expect(clock.runTo(FROM + SECOND)).toBe(false);
    expect(clock.at).toBe(FROM);
    answer(0);
    await clock.settle();
    expect(clock.runTo(FROM + SECOND)).toBe(true);
    expect(seen).toEqual(['ensemble at 0', 'timer']);
  });

  test('minutes that close together are forecast in their order, one after another', async () => {
    const clock = tapeScheduler(FROM);
    const { member, answer, asked } = slowMember();
    const seen: Forecast[] = [];
    from(rowsOf(1, 3))
      .pipe(opened([member]).forecasts(clock))
      .subscribe((each) => seen.push(each));
    const settled = clock.settle();
    for (let k = 0; k < 3; k++) {
      expect(asked()).toBe(k + 1);
      answer(k);
      for (let turn = 0; turn < 50 && asked() === k + 1; turn++) await Promise.resolve();
    }
    await settled;
    expect(seen.map(({ at }) => (at - FROM) / MINUTE)).toEqual([0, 1, 2]);
    expect(clock.holding()).toBe(false);
  });

  test('minutes that close together are forecast as if each had been answered before the next closed', async () => {
    const rows = rowsOf(2, 90);
    const clock = tapeScheduler(FROM);
    const forecasts = lastValueFrom(from(rows).pipe(opened().forecasts(clock), toArray()));
    await clock.settle();
    expect((await forecasts).map(plain)).toEqual(await oneByOne(rows));
  });

  test('two subscribers have an ensemble each: neither learns from what the other was told', async () => {
    const rows = rowsOf(3, 200);
    const clock = tapeScheduler(FROM);
    const forecaster = opened();
    const run = async (): Promise<readonly Forecast[]> => {
      const forecasts = lastValueFrom(from(rows).pipe(forecaster.forecasts(clock), toArray()));
      await clock.settle();
      return forecasts;
    };
    const operator = forecaster.forecasts(clock);
    const first = await run();
    const both = [from(rows).pipe(operator, toArray()), from(rows).pipe(operator, toArray())].map((all$) =>
      lastValueFrom(all$),
    );
    await clock.settle();
    for (const each of await Promise.all(both)) expect(each.map(plain)).toEqual(first.map(plain));
  });

  test('while the guard has taken over the backbone speaks and forecasts say so', async () => {
    const rows = rowsOf(4, 2 * 288, 5 * MINUTE);
    const noisy = handMember('lightgbm', ({ at }) =>
      new Array<number>(4).fill(at % (10 * MINUTE) === 0 ? 1.5 : -1.5),
    );
    const forecasts = await oneByOne(rows, [noisy]);
    const said = ensemble(handModels(), handFold(), handBackbone(), [noisy]);
    const models = new Set<string>();
    for (const [i, row] of rows.entries()) {
      const { leader, logs } = await said.forecast(row);
      const forecast = forecasts[i];
      models.add(forecast?.model ?? '');
      expect(forecast?.model).toBe(leader === 'harX' ? 'backbone' : 'ensemble');
      expect(forecast?.horizons[1]?.logVariance).toBeCloseTo((logs[leader][1] as number) + Math.log(15), 9);
      expect(forecast?.horizons.some((horizon) => 'lowLogVariance' in horizon)).toBe(false);
    }
    expect([...models]).toEqual(['ensemble', 'backbone']);
    expect(rows.at(-1)?.at).toBeLessThan(FROM + 2 * DAY);
  });

  test('rows that are not warm give nothing and ask nobody', async () => {
    const { member, asked } = slowMember();
    const clock = tapeScheduler(FROM);
    const forecasts = of(handRow(FROM, () => Number.NaN, false)).pipe(
      opened([member]).forecasts(clock),
      toArray(),
    );
    expect(await lastValueFrom(forecasts)).toEqual([]);
    expect(asked()).toBe(0);
  });

  test('an error of the source and a failed inference both reach the subscriber', async () => {
    const clock = tapeScheduler(FROM);
    const failing: Member = { name: 'lightgbm', answer: () => Promise.reject(new Error('no session')) };
    const outcome = async (
      rows$: Parameters<ReturnType<ReturnType<typeof opened>['forecasts']>>[0],
      members?: readonly Member[],
    ) => {
      const seen: string[] = [];
      rows$.pipe(opened(members).forecasts(clock)).subscribe({
        next: ({ model }) => seen.push(model),
        error: (cause: Error) => seen.push(cause.message),
      });
      await clock.settle();
      return seen;
    };
    const broken = throwError(() => new Error('no feed'));
    expect(await outcome(broken)).toEqual(['no feed']);
    expect(await outcome(from(rowsOf(1, 3)), [failing])).toEqual(['no session']);
    expect(clock.holding()).toBe(false);
  });

  test('one that has unsubscribed hears nothing of an answer that was on its way', async () => {
    const clock = tapeScheduler(FROM);
    const { member, answer } = slowMember();
    const seen: Forecast[] = [];
    const running = from(rowsOf(1, 2))
      .pipe(opened([member]).forecasts(clock))
      .subscribe((each) => seen.push(each));
    running.unsubscribe();
    answer(0);
    await clock.settle();
    expect(seen).toEqual([]);
    expect(clock.holding()).toBe(false);
  });

  test('it describes its members, its fold and until when that was trained', () => {
    const words = opened().describe;
    expect(words).toBe(
      'ensemble of HAR-X with season, lightgbm: fold hand, trained until 2026-01-01T00:00:00.000Z, horizons 5, 15, 30, 60 minutes',
    );
  });
});

describe('backboneForecaster', () => {
  const [row] = rowsOf(1, 1) as [MinuteRow];
  const forecastOf = (because?: string) =>
    lastValueFrom(of(row).pipe(backboneForecaster(handBackbone(), because).forecasts(tapeScheduler(0))));

  test('with a reason it says fallback in every forecast and the reason once; else it is the backbone', async () => {
    const because = 'models: there is no models/manifest.json';
    expect(await forecastOf()).toMatchObject({ model: 'backbone' });
    const fallback = await forecastOf(because);
    expect(fallback).toMatchObject({ model: 'fallback' });
    expect(fallback.confidence).toBeUndefined();
    expect(backboneForecaster(handBackbone(), because).describe).toContain(because);
    expect(backboneForecaster(handBackbone(), because).describe).toMatch(/^FALLBACK /);
    expect(backboneForecaster(handBackbone()).describe).not.toMatch(/fallback/i);
    expect((await forecastOf()).horizons).toEqual(fallback.horizons);
  });

  test('forecasts come with their rows; completion and errors pass', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const operator = backboneForecaster(handBackbone()).forecasts(tapeScheduler(0));
      const source = cold('  -r-c-r-|', { r: row, c: { ...row, warm: false } });
      const subs = '         ^------!';
      const forecast = expect.objectContaining({ kind: 'forecast', at: FROM, model: 'backbone' });
      expectObservable(source.pipe(operator)).toBe('-f---f-|', { f: forecast });
      expectSubscriptions(source.subscriptions).toBe(subs);
      expectObservable(concat(cold<MinuteRow>('-r|', { r: row }), cold<MinuteRow>('-#')).pipe(operator)).toBe(
        '-f-#',
        { f: forecast },
      );
    });
  });
});
