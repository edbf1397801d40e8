import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { EquityPoint } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { Calm } from './calm.tsx';
import { equityWords } from './equity-words.ts';
import { dollars, signedDollars } from './figures.ts';
import { Legend } from './legend.tsx';
import { pointsTable } from './points-table.ts';
import { padded } from './scale.ts';
import { type PlotAxis, type PlotLine, TimePlot } from './time-plot.tsx';

export interface EquityChartProps {
  readonly equity: readonly EquityPoint[];
  readonly at: number;
}

const EQUITY: readonly PlotLine[] = [{ hue: 'accent', scale: 'y', width: 2, kind: 'steps' }];
const DAY: readonly PlotLine[] = [
  { hue: 'bad', scale: 'y', width: 1.5, kind: 'steps', dash: [3, 3] },
  { hue: 'chart-3', scale: 'y', width: 2, kind: 'steps', filled: true },
];
const decimals = (value: number): number => (Math.abs(value) < 1_000 && !Number.isInteger(value) ? 2 : 0);
const EQUITY_AXES: readonly PlotAxis[] = [
  {
    scale: 'y',
    side: 'right',
    words: (value) => dollars(value, decimals(value)),
    range: (low, high) =>
      low === null || high === null ? [0, 1] : padded([low, high], high > low ? 0.1 : 0.001),
  },
];
const DAY_AXES: readonly PlotAxis[] = [
  {
    scale: 'y',
    side: 'right',
    words: (value) => signedDollars(value, decimals(value)),
    range: (low, high) => padded([0, low ?? 0, high ?? 1], 0.1),
  },
];
const equityOf = [({ equityDollars }: EquityPoint) => equityDollars];
const dayOf = [({ worstDollars }: EquityPoint) => worstDollars, ({ dayDollars }: EquityPoint) => dayDollars];

/** Equity, and under it on one axis the day's profit or loss with the worst outcome of all that is held and open. */
export function EquityChart({ equity, at }: EquityChartProps): JSX.Element {
  const sync = useId();
  const all = useMemo(() => pointsTable(equity, 0, equityOf), [equity]);
  const day = useMemo(() => pointsTable(equity, 0, dayOf), [equity]);
  if (all.xs.length < 2) return <Calm size="middle">The account is drawn from its second minute on.</Calm>;
  const last = equity.at(-1);
  const words = equityWords(equity);
  const span = [all.xs[0] ?? 0, Math.max(at / 1e6, all.xs.at(-1) ?? 0)] as const;
  const titleAt = (row: number): string => `${clockTime(Math.round((all.xs[row] ?? 0) * 1e6))} UTC`;
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <Legend
          entries={[
            { name: 'equity', hue: 'accent', value: dollars(last?.equityDollars) },
            { name: 'day', hue: 'chart-3', value: signedDollars(last?.dayDollars) },
            { name: 'worst outcome', hue: 'bad', look: 'dashed', value: signedDollars(last?.worstDollars) },
          ]}
        />
      </figcaption>
      <TimePlot
        label={words}
        size="middle"
        lines={EQUITY}
        axes={EQUITY_AXES}
        xs={all.xs}
        columns={all.columns}
        span={span}
        sync={sync}
        read={(row) => ({
          title: titleAt(row),
          rows: [{ name: 'equity', value: dollars(all.columns[0]?.[row]), hue: 'accent' }],
        })}
      />
      <TimePlot
        label={`Day ${signedDollars(last?.dayDollars)}, worst outcome ${signedDollars(last?.worstDollars)}.`}
        size="short"
        lines={DAY}
        axes={DAY_AXES}
        xs={day.xs}
        columns={day.columns}
        span={span}
        sync={sync}
        read={(row) => ({
          title: titleAt(row),
          rows: [
            { name: 'day', value: signedDollars(day.columns[1]?.[row]), hue: 'chart-3' },
            { name: 'worst', value: signedDollars(day.columns[0]?.[row]), hue: 'bad' },
          ],
        })}
      />
    </figure>
  );
}
