import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/domain/time.ts';
import { CHANNELS, CONTEXT_MINUTES, minuteChannels } from '../../../src/features/minute/minute-channels.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../../src/features/minute/new-york.ts';
import { treeSet } from '../../../src/features/sets/tree-set.ts';
import type { InferenceInput, InferenceModel } from '../../../src/forecast/members/inference-model.ts';
import type { MemberInput } from '../../../src/forecast/members/member.ts';
import { openOnnx } from '../../../src/forecast/members/onnx-model.ts';
import { patchtstMember } from '../../../src/forecast/members/patchtst-member.ts';
import { weekProfile } from '../../../src/maths/seasons.ts';
import { minuteColumns } from '../../../src/research/minute-columns.ts';
import { randomBars } from '../../features/bars.ts';
import { handBackbone } from '../models.ts';
import { linearSequence } from './linear-graphs.ts';

/** A Monday just past midnight in New York, so that the window reaches over the week's seam. */
const AT = Date.UTC(2026, 2, 9, 5, 10) * 1_000;
const profile = Float64Array.from({ length: WEEK_MINUTES }, (_, minute) => 1 + minute);
const INPUT: MemberInput = {
  at: AT,
  har: { logs: new Float64Array(), seasonAhead: new Float64Array() },
  harX: Float64Array.of(-16, -15, -14, -13),
  seasonAhead: Float64Array.of(0.5, 0.25, 0.125, 1),
  seasonBehind: 77,
  inputs: new Float64Array(),
  window: Float32Array.from({ length: CONTEXT_MINUTES * CHANNELS.length }, (_, i) => i),
  windowReturns: 480,
};

const spy = (said: readonly number[], output = 'residual') => {
  const fed: Readonly<Record<string, InferenceInput>>[] = [];
  const model: InferenceModel = {
    inputs: ['window', 'statics'],
    outputs: [output],
    run: async (feeds) => {
      fed.push(feeds);
      return { [output]: Float32Array.from(said) };
    },
    close: async () => {},
  };
  return { fed, model };
};

describe('patchtstMember', () => {
  test('feeds the channels that it was trained on, minute by minute, in their order', async () => {
    const { fed, model } = spy([1, 2, 3, 4]);
    const member = patchtstMember(model, { channels: [CHANNELS[2], CHANNELS[0]], statics: [] }, profile);
    expect([...((await member.answer(INPUT))?.corrections ?? [])]).toEqual([1, 2, 3, 4]);
    const { data = [], dims } = fed[0]?.['window'] ?? {};
    expect(dims).toEqual([1, CONTEXT_MINUTES, 2]);
    const expected = Array.from({ length: CONTEXT_MINUTES }, (_, i) => [3 * i + 2, 3 * i]).flat();
    expect([...data]).toEqual(expected);
  });

  test('the statics are the backbone’s four forecasts, the four seasons ahead and New York’s minute of the week', async () => {
    const { fed, model } = spy([0, 0, 0, 0]);
    await patchtstMember(model, { channels: ['c0'], statics: [] }, profile).answer(INPUT);
    expect(fed[0]?.['statics']).toEqual({
      // Monday, ten past one: daylight saving began the day before.
      data: Float32Array.of(-16, -15, -14, -13, 0.5, 0.25, 0.125, 1, 70),
      dims: [1, 9],
    });
  });

  test('inputs of the trees follow them in the order of their names, NaN and all', async () => {
    const { fed, model } = spy([0, 0, 0, 0]);
    const statics = ['season60', 'rv15-harx60', 'high60/harx60', 'harx5'];
    const inputs = Float64Array.from(treeSet, ({ name }) => ({ rv15: -15 })[name] ?? Number.NaN);
    await patchtstMember(model, { channels: ['c0'], statics }, profile).answer({ ...INPUT, inputs });
    const fedStatics = fed[0]?.['statics'];
    expect(fedStatics?.dims).toEqual([1, 13]);
    expect([...(fedStatics?.data.subarray(9) ?? [])]).toEqual([1 - 77, -2, Number.NaN, -16]);
  });

  test('c3 is the log of the season at the opening of each minute of the window, over the week’s seam too', async () => {
    const { fed, model } = spy([0, 0, 0, 0]);
    await patchtstMember(model, { channels: ['c3'], statics: [] }, profile).answer(INPUT);
    const minutes = Array.from({ length: CONTEXT_MINUTES }, (_, i) =>
      newYorkMinuteOfWeek(AT - (CONTEXT_MINUTES - i) * MINUTE),
    );
    expect(minutes[0]).toBeGreaterThan(minutes.at(-1) ?? 0);
    expect(fed[0]?.['window']?.data).toEqual(
      Float32Array.from(minutes, (minute) => Math.log(profile[minute] as number)),
    );
  });

  test('it is fed what the training columns say of the same minutes', async () => {
    const { fed, model } = spy([0, 0, 0, 0]);
    const bars = randomBars(4, 700).filter((_, i) => i % 91 !== 5);
    const backbone = {
      ...handBackbone(),
      season: { ...handBackbone().season, hourOfWeek: Array.from({ length: 168 }, (_, hour) => 1 + hour) },
    };
    const channels = minuteChannels(1e-9);
    for (const bar of bars) channels.push(bar);
    const at = (bars.at(-1)?.openAt ?? 0) + MINUTE;
    const names = [...CHANNELS, 'c3'];
    await patchtstMember(model, { channels: names, statics: [] }, weekProfile(backbone.season)).answer({
      ...INPUT,
      at,
      window: channels.window(),
    });
    const columns = minuteColumns(bars, backbone, 1e-9).filter(({ name }) => name !== 'at');
    const length = columns[0]?.data.length ?? 0;
    const rows = Array.from({ length: CONTEXT_MINUTES }, (_, i) =>
      columns.map(({ data }) => data[length - CONTEXT_MINUTES + i]),
    );
    expect([...(fed[0]?.['window']?.data ?? [])]).toEqual(rows.flat());
  });

  test('with fewer than 480 returns in the window it abstains and runs nothing', async () => {
    const { fed, model } = spy([1, 2, 3, 4]);
    const member = patchtstMember(model, { channels: ['c0'], statics: [] }, profile);
    expect(await member.answer({ ...INPUT, windowReturns: 479 })).toBeUndefined();
    expect(fed).toEqual([]);
    expect(await member.answer({ ...INPUT, windowReturns: 480 })).toBeDefined();
  });

  test('it has read all it needs before it returns', async () => {
    const { fed, model } = spy([0, 0, 0, 0]);
    const [window, harX] = [Float32Array.from(INPUT.window), Float64Array.from(INPUT.harX)];
    const answer = patchtstMember(model, { channels: ['c0'], statics: [] }, profile).answer({
      ...INPUT,
      window,
      harX,
    });
    window.fill(-1);
    harX.fill(-1);
    await answer;
    expect(fed[0]?.['window']?.data.at(-1)).toBe(3 * 511);
    expect(fed[0]?.['statics']?.data[0]).toBe(-16);
  });

  test('a real graph is fed by the names of its ends', async () => {
    const graph = linearSequence(2, {
      picks: [0, 2 * 511 + 1, 1_024, 1_032],
      slopes: [1, 1, 1, 1],
      biases: [0.5, 0, 0, 0],
    });
    const model = await openOnnx(graph);
    const said = await patchtstMember(
      model,
      { channels: [CHANNELS[1], CHANNELS[2]], statics: [] },
      profile,
    ).answer(INPUT);
    expect([...(said?.corrections ?? [])]).toEqual([1.5, 3 * 511 + 2, -16, 70]);
    await model.close();
  });

  test('a channel or an input that this build does not have is refused by name', () => {
    expect(() => patchtstMember(spy([]).model, { channels: ['c0', 'c9'], statics: [] }, profile)).toThrow(
      'patchtst: this build has no channel c9; train again',
    );
    expect(() => patchtstMember(spy([]).model, { channels: ['c0'], statics: ['rv16'] }, profile)).toThrow(
      'patchtst: this build has no feature rv16; train again',
    );
  });
});
