import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { AssetView, ContractView, FillView, OrderView, PricePoint } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { Calm } from './calm.tsx';
import { Choice } from './choice.tsx';
import { dollars } from './figures.ts';
import { Legend } from './legend.tsx';
import { paintLabels } from './paint-labels.ts';
import { paintMarks } from './paint-marks.ts';
import { paintStrikes } from './paint-strikes.ts';
import { priceMarks } from './price-marks.ts';
import { priceRange } from './price-range.ts';
import { priceTable } from './price-table.ts';
import { priceWords } from './price-words.ts';
import type { Reading } from './reading.ts';
import { strikeLines } from './strike-lines.ts';
import { type PlotAxis, type PlotLine, TimePlot } from './time-plot.tsx';

export interface PriceChartProps {
  readonly asset: AssetView;
  /** Of all assets, as the state has them. */
  readonly prices: readonly PricePoint[];
  readonly contracts: readonly ContractView[];
  readonly orders: readonly OrderView[];
  readonly fills: readonly FillView[];
  /** Event time of the state. */
  readonly at: number;
}

const SECOND = 1_000_000;
/** What the venue settles on is the mean of the index over this last time before the close, in seconds. */
const SETTLEMENT = 60;

const LINES: readonly PlotLine[] = [
  { hue: 'chart-2', scale: 'y', width: 1 },
  { hue: 'accent', scale: 'y', width: 2 },
  { hue: 'accent', scale: 'y', width: 1, dash: [3, 3] },
  { hue: 'accent', scale: 'y', width: 1, dash: [3, 3] },
];
const BANDS = [[3, 2, 'band']] as const;
const SPANS = [
  ['5', '5 min'],
  ['20', '20 min'],
  ['60', '1 h'],
  ['120', '2 h'],
] as const;

/** Index and spot of one asset with the cone ahead, the next close's strikes and window, and our orders and fills. */
export function PriceChart({ asset, prices, contracts, orders, fills, at }: PriceChartProps): JSX.Element {
  const [minutes, setMinutes] = useState('20');
  const name = asset.asset;
  const own = useMemo(() => contracts.filter((contract) => contract.asset === name), [contracts, name]);
  const history = useMemo(() => prices.filter((price) => price.asset === name), [prices, name]);
  // Prices come by the second, so that nothing is drawn anew within one but what lies beside the lines.
  const now = Math.floor(at / SECOND);
  const back = Number(minutes) * 60;
  const table = useMemo(
    () => priceTable(history, asset.cone, (now - back) * SECOND),
    [history, asset.cone, now, back],
  );
  const columns = useMemo(() => [table.spot, table.index, table.low, table.high], [table]);
  const strikes = useMemo(() => strikeLines(own, at), [own, at]);
  const series = [...new Set(own.map((contract) => contract.series))].sort().join();
  const marks = useMemo(
    () => priceMarks(orders, fills, new Set(series.split(',')), table),
    [orders, fills, series, table],
  );
  const spot = history.at(-1)?.spotDollars ?? null;

  if (table.xs.length < 2)
    return (
      <Calm size="tall">{`No price of ${name} has been heard yet. The chart starts with the first second.`}</Calm>
    );

  // As far ahead as the cone or the next close reach, but never more than half of the plot.
  const farthest = Math.max(asset.cone.at(-1)?.at ?? 0, (strikes?.closeAt ?? 0) + SECOND * 30) / SECOND;
  const ahead = Math.min(Math.max(farthest - now, back / 20), back);
  const values = strikes?.lines.map((line) => line.dollars) ?? [];
  const axis: PlotAxis = {
    scale: 'y',
    side: 'right',
    words: (value) => dollars(value, Number.isInteger(value) ? 0 : 2),
    range: (low, high) => (low === null || high === null ? [0, 1] : priceRange(low, high, values)),
  };
  const read = (row: number, reach: number): Reading => {
    const seconds = table.xs[row] ?? 0;
    const money = (column: readonly (number | null)[]): number | null => column[row] ?? null;
    const [index, spotThen, low, high] = [table.index, table.spot, table.low, table.high].map(money);
    return {
      title: `${clockTime(Math.round(seconds * 1e6))} UTC`,
      rows: [
        ...(index == null ? [] : [{ name: 'index', value: dollars(index), hue: 'accent' as const }]),
        ...(spotThen == null ? [] : [{ name: 'spot', value: dollars(spotThen), hue: 'chart-2' as const }]),
        ...(low == null || high == null || low === high
          ? []
          : [{ name: '10–90 %', value: `${dollars(low, 0)} … ${dollars(high, 0)}`, hue: 'band' as const }]),
        ...marks
          .filter((mark) => Math.abs(mark.at / 1e6 - seconds) <= Math.max(reach, 0.5))
          .slice(-4)
          .map((mark) => ({ name: '', value: mark.text })),
      ],
    };
  };

  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <Legend
          entries={[
            { name: 'index', hue: 'accent', value: dollars(asset.indexDollars) },
            { name: 'spot', hue: 'chart-2', value: dollars(spot) },
            { name: '10–90 % ahead', hue: 'band', look: 'area' },
            { name: 'order', hue: 'ink-soft', look: 'ring' },
            { name: 'bought', hue: 'good', look: 'up' },
            { name: 'sold', hue: 'bad', look: 'down' },
          ]}
        />
        <Choice label="Time shown" options={SPANS} value={minutes} onChoose={setMinutes} />
      </figcaption>
      <TimePlot
        label={priceWords(asset, spot, strikes, at)}
        size="tall"
        lines={LINES}
        bands={BANDS}
        axes={[axis]}
        xs={table.xs}
        columns={columns}
        span={[now - back, now + ahead]}
        under={paintStrikes(strikes, now, SETTLEMENT)}
        over={(board) => {
          paintLabels(strikes, now, SETTLEMENT, asset.indexDollars)(board);
          paintMarks(marks, asset.indexDollars)(board);
        }}
        read={read}
      />
      <div class="unseen">
        <table>
          <caption>Orders and fills on the price chart, the latest first</caption>
          <tbody>
            {marks
              .slice(-10)
              .reverse()
              .map((mark) => (
                <tr key={mark.kind + mark.text}>
                  <th scope="row">{mark.kind}</th>
                  <td>{mark.text}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
