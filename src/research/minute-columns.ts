import type { MinuteBar } from '../domain/bars.ts';
import { MINUTE } from '../domain/time.ts';
import { CHANNELS, minuteChannels } from '../features/minute/minute-channels.ts';
import { newYorkMinuteOfWeek } from '../features/minute/new-york.ts';
import type { Backbone } from '../forecast/backbone/backbone.ts';
import { weekProfile } from '../maths/seasons.ts';
import type { Column } from './dataset.ts';

/**
 * The channels of a sequence model, one row a minute without holes: `at` (the minute's close), those of
 * `CHANNELS`, and `c3`, the log of the backbone's season at the minute's opening. `floor` is the asset's
 * floor for variances. Bars are oldest first; throws if there are none.
 */
export function minuteColumns(
  bars: readonly MinuteBar[],
  { season }: Pick<Backbone, 'season'>,
  floor: number,
): readonly Column[] {
  const [first, last] = [bars[0], bars[bars.length - 1]];
  if (!first || !last) throw new Error('dataset: needs bars, was an empty list');
  const length = (last.openAt - first.openAt) / MINUTE + 1;
  const at = BigInt64Array.from({ length }, (_, i) => BigInt(first.openAt + (i + 1) * MINUTE));
  const columns = CHANNELS.map(() => new Float32Array(length));
  const channels = minuteChannels(floor);
  const newest = new Float32Array(CHANNELS.length);
  let next = 0;
  for (let i = 0; i < length; i++) {
    const bar = bars[next];
    const openAt = first.openAt + i * MINUTE;
    if (bar?.openAt === openAt) {
      channels.push(bar);
      next++;
      channels.newest(newest);
    } else channels.absent(newest);
    for (const [c, column] of columns.entries()) column[i] = newest[c] as number;
  }
  const logProfile = Float32Array.from(weekProfile(season), Math.log);
  const seasonal = Float32Array.from(
    { length },
    (_, i) => logProfile[newYorkMinuteOfWeek(first.openAt + i * MINUTE)] as number,
  );
  return [
    { name: 'at', type: 'INT64', data: at },
    ...CHANNELS.map((name, c): Column => ({ name, type: 'FLOAT', data: columns[c] as Float32Array })),
    { name: 'c3', type: 'FLOAT', data: seasonal },
  ];
}
