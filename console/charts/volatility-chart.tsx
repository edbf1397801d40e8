import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { VolatilityPoint } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { Calm } from './calm.tsx';
import { Choice } from './choice.tsx';
import { percent } from './figures.ts';
import { Legend } from './legend.tsx';
import { pointsTable } from './points-table.ts';
import { padded } from './scale.ts';
import { type PlotAxis, type PlotLine, TimePlot } from './time-plot.tsx';
import { isAbove, volatilityTop } from './volatility-top.ts';
import { volatilityWords } from './volatility-words.ts';

export interface VolatilityChartProps {
  readonly asset: string;
  /** Of all assets, as the state has them. */
  readonly volatilities: readonly VolatilityPoint[];
  readonly at: number;
}

const HOUR = 3_600_000_000;
const LINES: readonly PlotLine[] = [
  { hue: 'accent', scale: 'y', width: 0 },
  { hue: 'accent', scale: 'y', width: 0 },
  { hue: 'chart-3', scale: 'y', width: 1.5, dash: [2, 3] },
  { hue: 'chart-2', scale: 'y', width: 1.5, dash: [7, 3] },
  { hue: 'accent', scale: 'y', width: 2 },
];
const BANDS = [[1, 0, 'band']] as const;
const axesTo = (top: number): readonly PlotAxis[] => [
  {
    scale: 'y',
    side: 'right',
    words: (value) => percent(value, 0),
    range: (low, high) =>
      low === null || high === null ? [0, 1] : padded([Math.min(low, top), Math.min(high, top)], 0.08),
  },
];
const READ = [
  ({ low }: VolatilityPoint) => low,
  ({ high }: VolatilityPoint) => high,
  ({ realised }: VolatilityPoint) => realised,
  ({ implied }: VolatilityPoint) => implied,
  ({ forecast }: VolatilityPoint) => forecast,
];
const IMPLIED = 3;
const SPANS = [
  ['1', '1 h'],
  ['6', '6 h'],
  ['24', '24 h'],
] as const;

/** Volatility of one asset a year: the forecast with its band, what the quotes imply, and what was realised. */
export function VolatilityChart({ asset, volatilities, at }: VolatilityChartProps): JSX.Element {
  const [hours, setHours] = useState('6');
  const own = useMemo(() => volatilities.filter((point) => point.asset === asset), [volatilities, asset]);
  const last = own.at(-1);
  const until = Math.max(at, last?.at ?? at);
  // The plot begins where the data does, if that is later.
  const from = Math.max(until - Number(hours) * HOUR, own[0]?.at ?? 0);
  const { xs, columns } = useMemo(() => pointsTable(own, from, READ), [own, from]);
  const top = useMemo(() => volatilityTop(columns), [columns]);
  const axes = useMemo(() => axesTo(top), [top]);
  if (xs.length < 2)
    return <Calm size="middle">{`Two minutes of forecasts of ${asset} make the first line.`}</Calm>;
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <Legend
          entries={[
            { name: 'forecast', hue: 'accent', value: percent(last?.forecast) },
            { name: '10–90 %', hue: 'band', look: 'area' },
            {
              // What does not fit is said: a book's first quotes may imply many times the truth.
              name: isAbove(columns[IMPLIED], top) ? 'implied, at times above the picture' : 'implied',
              hue: 'chart-2',
              look: 'dashed',
              value: percent(last?.implied),
            },
            { name: 'realised, last hour', hue: 'chart-3', look: 'dotted', value: percent(last?.realised) },
          ]}
        />
        <Choice label="Time shown" options={SPANS} value={hours} onChoose={setHours} />
      </figcaption>
      <TimePlot
        label={volatilityWords(asset, last)}
        size="middle"
        lines={LINES}
        bands={BANDS}
        axes={axes}
        xs={xs}
        columns={columns}
        span={[from / 1e6, until / 1e6]}
        read={(row) => {
          const [low, high, realised, implied, forecast] = columns.map((column) => column[row] ?? null);
          return {
            title: `${clockTime(Math.round((xs[row] ?? 0) * 1e6))} UTC`,
            rows: [
              { name: 'forecast', value: percent(forecast), hue: 'accent' },
              { name: '10–90 %', value: `${percent(low)} … ${percent(high)}`, hue: 'band' },
              { name: 'implied', value: percent(implied), hue: 'chart-2' },
              { name: 'realised', value: percent(realised), hue: 'chart-3' },
            ],
          };
        }}
      />
    </figure>
  );
}
