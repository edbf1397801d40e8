import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Html, html, trusted } from './html.ts';

use([CustomChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

const WIDTH = 900;
const INK = '#1d2733';
const FAINT = '#d5dae1';
const COLOURS = ['#1f6f8b', '#c05a1c', '#6a4c93'] as const;

/** What a chart's drawing function may use of the renderer. */
interface Drawing {
  readonly value: (dimension: number) => number;
  readonly coord: (point: readonly number[]) => number[];
}

/** Draws as inline SVG, without a document and without a script. `says` is read to those who cannot see it. */
export function drawn(option: EChartsCoreOption, height: number, says: string, caption: string): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      color: [...COLOURS],
      textStyle: { color: INK, fontFamily: 'system-ui, sans-serif', fontSize: 13 },
      ...option,
    });
    return html`<figure role="img" aria-label="${says}">${trusted(chart.renderToSVGString())}<figcaption>${caption}</figcaption></figure>`;
  } finally {
    chart.dispose();
  }
}

const axis = { axisLine: { lineStyle: { color: INK } }, splitLine: { lineStyle: { color: FAINT } } };

/** One moment of a line with its band; null where there is none. */
export interface BandPoint {
  readonly at: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A line over time, in milliseconds, with a band around it. */
export function bandChart(points: readonly BandPoint[], unit: string, says: string, caption: string): Html {
  const banded = points.flatMap(({ at, low, high }) =>
    low === null || high === null ? [] : [{ at, low, high }],
  );
  const outline = [
    ...banded.map(({ at, high }) => [at, high]),
    ...banded.map(({ at, low }) => [at, low]).reverse(),
  ];
  const values = points.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  return drawn(
    {
      grid: { left: 70, right: 20, top: 20, bottom: 40 },
      useUTC: true,
      xAxis: { type: 'time', ...axis, splitLine: { show: false } },
      yAxis: {
        type: 'value',
        name: unit,
        ...axis,
        min: Math.min(0, ...values),
        max: Math.max(0, ...values),
        axisLabel: { formatter: (value: number) => value.toFixed(2) },
      },
      series: [
        {
          type: 'custom',
          silent: true,
          data: outline.length === 0 ? [] : [outline[0]],
          renderItem: (_: unknown, { coord }: Drawing) => ({
            type: 'polygon',
            shape: { points: outline.map((point) => coord(point)) },
            style: { fill: COLOURS[0], opacity: 0.18 },
          }),
        },
        {
          type: 'line',
          step: 'end',
          showSymbol: points.length < 40,
          symbolSize: 6,
          color: COLOURS[0],
          lineStyle: { width: 2 },
          data: points.map(({ at, value }) => [at, value]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: INK, type: 'solid', width: 1 },
            data: [{ yAxis: 0 }],
          },
        },
      ],
    },
    320,
    says,
    caption,
  );
}

/** A named value with its interval; null where there is none. */
export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

const ROW = 26;

/** Values below each other with their intervals, and a line at `zero`. */
export function intervalChart(
  rows: readonly IntervalRow[],
  unit: string,
  says: string,
  caption: string,
  zero = 0,
): Html {
  const all = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  return drawn(
    {
      grid: { left: 290, right: 30, top: 10, bottom: 45 },
      xAxis: {
        type: 'value',
        name: unit,
        nameLocation: 'middle',
        nameGap: 28,
        ...axis,
        min: Math.min(zero, ...all),
        max: Math.max(zero, ...all),
        axisLabel: {
          formatter: (value: number) => String(Number(value.toPrecision(3))),
          showMaxLabel: false,
        },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => name),
        axisTick: { show: false },
        axisLabel: { width: 275, overflow: 'truncate', interval: 0 },
        axisLine: { show: false },
      },
      series: [
        {
          type: 'custom',
          silent: true,
          data: rows.map(({ value, low, high }, i) => [value, i, low ?? value, high ?? value]),
          renderItem: (_: unknown, { value, coord }: Drawing) => {
            const [x, y] = coord([value(0), value(1)]) as [number, number];
            const [low] = coord([value(2), value(1)]) as [number, number];
            const [high] = coord([value(3), value(1)]) as [number, number];
            return {
              type: 'group',
              children: [
                {
                  type: 'line',
                  shape: { x1: low, y1: y, x2: high, y2: y },
                  style: { stroke: COLOURS[0], lineWidth: 3, opacity: 0.5 },
                },
                { type: 'circle', shape: { cx: x, cy: y, r: 5 }, style: { fill: COLOURS[0] } },
              ],
            };
          },
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: INK, type: 'solid', width: 1 },
            data: [{ xAxis: zero }],
          },
        },
      ],
    },
    60 + ROW * rows.length,
    says,
    caption,
  );
}

/** Probabilities and the share that came, by name; the diagonal is right. */
export function calibrationChart(
  lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[],
  says: string,
  caption: string,
): Html {
  const symbols = ['circle', 'rect', 'triangle'];
  return drawn(
    {
      grid: { left: 70, right: 150, top: 20, bottom: 50 },
      legend: { right: 10, top: 30, orient: 'vertical' },
      xAxis: {
        type: 'value',
        min: 0,
        max: 1,
        name: 'probability of YES',
        nameLocation: 'middle',
        nameGap: 30,
        ...axis,
      },
      yAxis: { type: 'value', min: 0, max: 1, name: 'share YES', ...axis },
      series: lines.map(({ name, points }, i) => ({
        type: 'line',
        name,
        symbol: symbols[i % symbols.length],
        symbolSize: 8,
        data: points,
        ...(i === 0 && {
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: INK, type: 'dashed' },
            data: [[{ coord: [0, 0] }, { coord: [1, 1] }]],
          },
        }),
      })),
    },
    420,
    says,
    caption,
  );
}
