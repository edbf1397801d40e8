import { MINUTE } from '../../domain/time.ts';
import { CHANNELS, CONTEXT_MINUTES } from '../../features/minute/minute-channels.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../features/minute/new-york.ts';
import type { InferenceModel } from './inference-model.ts';
import type { Member } from './member.ts';
import { MEMBER_MINUTES, type Models } from './models-manifest.ts';
import { treeInput } from './tree-input.ts';

/** With fewer returns in its window the member abstains. */
const LEAST_RETURNS = 480;
const SEASON = 'c3';

/**
 * PatchTST (Nie et al. 2023, ICLR) over the last 512 minutes, on any runtime: inputs are the raw `window` [1,
 * 512, C] and `statics` [1, 9 + n] (the backbone's forecasts, the seasons ahead, New York's minute of the
 * week, then n inputs of the trees, NaN where unknown). The output is `residual` [1, 4]; the model normalises
 * its inputs itself. Channel `c3` is the log of the backbone's season. Throws for a channel or an input that
 * this build does not have.
 */
export function patchtstMember(
  model: InferenceModel,
  { channels, statics }: Pick<Models, 'channels' | 'statics'>,
  profile: Float64Array,
): Member {
  const columns = channels.map((name) => {
    const column = (CHANNELS as readonly string[]).indexOf(name);
    if (column < 0 && name !== SEASON)
      throw new Error(`patchtst: this build has no channel ${name}; train again`);
    return column;
  });
  const reads = statics.map((name) => {
    const read = treeInput(name);
    if (!read) throw new Error(`patchtst: this build has no feature ${name}; train again`);
    return read;
  });
  const logProfile = Float64Array.from(profile, Math.log);
  const width = columns.length;
  return {
    name: 'patchtst',
    answer: async (input) => {
      const { at, harX, seasonAhead, window, windowReturns } = input;
      if (windowReturns < LEAST_RETURNS) return undefined;
      const data = new Float32Array(CONTEXT_MINUTES * width);
      // One lookup is enough: minutes of the week are consecutive except where daylight saving changes.
      const last = newYorkMinuteOfWeek(at - MINUTE);
      for (let i = 0; i < CONTEXT_MINUTES; i++) {
        const minute = (last - (CONTEXT_MINUTES - 1 - i) + WEEK_MINUTES) % WEEK_MINUTES;
        for (let c = 0; c < width; c++) {
          const column = columns[c] as number;
          data[i * width + c] =
            column < 0 ? (logProfile[minute] as number) : (window[i * CHANNELS.length + column] as number);
        }
      }
      const known = [...harX, ...seasonAhead, newYorkMinuteOfWeek(at), ...reads.map((read) => read(input))];
      const { residual } = await model.run({
        window: { data, dims: [1, CONTEXT_MINUTES, width] },
        statics: { data: Float32Array.from(known), dims: [1, known.length] },
      });
      return { corrections: new Float64Array(residual?.subarray(0, MEMBER_MINUTES.length) ?? []) };
    },
  };
}
