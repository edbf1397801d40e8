import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { clockTicks } from './clock-ticks.ts';
import { coloursOf, onThemeChange } from './colours.ts';
import { bucketWidth, type Column, keptRows } from './down-sample.ts';
import type { Colours, Hue } from './hue.ts';
import { type Reading, readingWords } from './reading.ts';

/** One line, or one set of bars, of a plot. */
export interface PlotLine {
  readonly hue: Hue;
  /** Scale of y: the key of one of the plot's axes. */
  readonly scale: string;
  readonly kind?: 'line' | 'steps' | 'bars' | 'edge';
  readonly width?: number;
  readonly dash?: readonly number[];
  /** Fills down to zero. */
  readonly filled?: boolean;
}

/** One axis of y. */
export interface PlotAxis {
  readonly scale: string;
  readonly side: 'left' | 'right';
  readonly words: (value: number) => string;
  /** Bounds from the least and the greatest value in view; null where nothing is in view. */
  readonly range: (low: number | null, high: number | null) => readonly [number, number];
}

/** Paints on the canvas, in its own pixels; `x` and `y` turn values into them. */
export type Painter = (board: {
  readonly context: CanvasRenderingContext2D;
  readonly colours: Colours;
  readonly ratio: number;
  readonly font: string;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  readonly x: (seconds: number) => number;
  readonly y: (value: number, scale: string) => number;
}) => void;

export interface TimePlotProps {
  /** What the plot shows now, with its numbers. */
  readonly label: string;
  readonly size: 'tall' | 'middle' | 'short';
  readonly lines: readonly PlotLine[];
  readonly axes: readonly PlotAxis[];
  /** Areas between two lines, by their numbers: the upper one first. */
  readonly bands?: readonly (readonly [upper: number, lower: number, hue: Hue])[];
  /** Rising times in seconds, and one column for each line. */
  readonly xs: readonly number[];
  readonly columns: readonly Column[];
  /** Times at the plot's edges. */
  readonly span: readonly [number, number];
  readonly under?: Painter;
  readonly over?: Painter;
  /** What stands at a row of the data; `reach` is how many seconds belong to one place of the pointer. */
  readonly read: (row: number, reach: number) => Reading;
  /** Plots with the same key move their cursors together. */
  readonly sync?: string;
}

/** Pixels between two places of the pointer that the eye can tell apart. */
const REACH_PIXELS = 6;
/** Least width of a bucket of rows, of which the extremes are drawn. */
const BUCKET_PIXELS = 2;

const fontOf = (host: HTMLElement): string => `11px ${getComputedStyle(host).fontFamily}`;

function seriesOf(line: PlotLine, colours: () => Colours): uPlot.Series {
  const { hue, kind = 'line', filled = false } = line;
  const paths =
    kind === 'bars'
      ? uPlot.paths.bars?.({ size: [0.8, 24], align: 1 })
      : kind === 'steps'
        ? uPlot.paths.stepped?.({ align: 1 })
        : uPlot.paths.linear?.();
  return {
    scale: line.scale,
    stroke: () => colours()[hue],
    width: kind === 'bars' ? 0 : (line.width ?? 1.5),
    points: { show: false },
    spanGaps: false,
    ...(paths === undefined ? {} : { paths }),
    ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
    ...(kind === 'bars' ? { fill: () => colours()[hue] } : {}),
    ...(filled ? { fill: () => colours().band } : {}),
  };
}

function axisOf(axis: PlotAxis, grid: boolean, colours: () => Colours, font: string): uPlot.Axis {
  return {
    scale: axis.scale,
    side: axis.side === 'left' ? 3 : 1,
    size: 62,
    gap: 6,
    space: 34,
    font,
    stroke: () => colours()['ink-soft'],
    grid: { show: grid, stroke: () => colours().line, width: 1 },
    ticks: { show: false },
    values: (_: uPlot, splits: number[]) => splits.map((split) => axis.words(split)),
  };
}

const aim = (plot: uPlot, seconds: number): void =>
  plot.setCursor({ left: plot.valToPos(seconds, 'x'), top: plot.bbox.height / uPlot.pxRatio / 2 });

/**
 * A plot of values by time that takes new data in place. It draws what fits its pixels, keeps its colours to the
 * page's theme, and is read with the pointer or, once it has the focus, with the arrow keys.
 */
export function TimePlot(props: TimePlotProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const now = useRef(props);
  now.current = props;
  const plot = useRef<uPlot | undefined>(undefined);
  const rows = useRef<readonly number[]>([]);
  /** Time that the arrow keys have chosen; the cursor stays on it while the plot moves on. */
  const chosen = useRef<number | undefined>(undefined);
  const [pointed, setPointed] = useState<{ row: number; left: number; right: boolean } | undefined>(
    undefined,
  );

  const reach = (): number => {
    const [from, until] = now.current.span;
    const width = plot.current === undefined ? 0 : plot.current.bbox.width / uPlot.pxRatio;
    return width > 0 ? (REACH_PIXELS * (until - from)) / width : 0;
  };

  const drawnOf = useRef<readonly unknown[]>([]);
  const put = (): void => {
    const drawn = plot.current;
    if (drawn === undefined) return;
    const { xs, columns, span } = now.current;
    const most = Math.max(50, (drawn.width - 80) / BUCKET_PIXELS);
    const inputs = [drawn, xs, columns, ...span, most];
    if (inputs.every((input, at) => input === drawnOf.current[at])) {
      // Only what is painted beside the lines can have changed.
      drawn.redraw(false, false);
      return;
    }
    drawnOf.current = inputs;
    const kept = keptRows(xs, columns, xs.length > most ? bucketWidth(span[1] - span[0], most) : 0);
    rows.current = kept;
    const pick = (column: Column): (number | null)[] => kept.map((row) => column[row] ?? null);
    drawn.batch(() => {
      drawn.setData([kept.map((row) => xs[row] ?? 0), ...columns.map(pick)], false);
      drawn.setScale('x', { min: span[0], max: span[1] });
    });
    if (chosen.current !== undefined) aim(drawn, chosen.current);
  };

  const { lines, axes, bands = [] } = props;
  const shape = JSON.stringify([lines, axes.map(({ scale, side }) => [scale, side]), bands]);
  useLayoutEffect(() => {
    const within = host.current;
    if (within === null) return;
    let colours = coloursOf(within);
    const font = fontOf(within);
    const palette = (): Colours => colours;
    const painted =
      (which: 'under' | 'over') =>
      (u: uPlot): void => {
        const { left, top, width, height } = u.bbox;
        u.ctx.save();
        u.ctx.setLineDash([]);
        now.current[which]?.({
          context: u.ctx,
          colours,
          ratio: uPlot.pxRatio,
          font: font.replace(/^(\d+)/, (size) => String(Number(size) * uPlot.pxRatio)),
          box: { left, top, right: left + width, bottom: top + height },
          x: (seconds) => u.valToPos(seconds, 'x', true),
          y: (value, scale) => u.valToPos(value, scale, true),
        });
        u.ctx.restore();
      };
    const moved = (u: uPlot): void => {
      const { idx, left = -1 } = u.cursor;
      const row = idx === null || idx === undefined ? undefined : rows.current[idx];
      setPointed(
        row === undefined || left < 0
          ? undefined
          : { row, left: left + u.bbox.left / uPlot.pxRatio, right: left > u.bbox.width / uPlot.pxRatio / 2 },
      );
    };
    const build = (width: number, height: number): uPlot =>
      new uPlot(
        {
          width,
          height,
          padding: [
            10,
            axes.some(({ side }) => side === 'right') ? 0 : 12,
            0,
            axes.some(({ side }) => side === 'left') ? 0 : 12,
          ],
          legend: { show: false },
          cursor: {
            y: false,
            drag: { x: false, y: false, setScale: false },
            points: { size: 7 },
            ...(props.sync === undefined ? {} : { sync: { key: props.sync } }),
          },
          scales: {
            x: { time: true, auto: false },
            ...Object.fromEntries(
              axes.map(({ scale }) => [
                scale,
                {
                  range: (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => [
                    ...(now.current.axes.find((axis) => axis.scale === scale)?.range(low, high) ?? [0, 1]),
                  ],
                },
              ]),
            ),
          },
          axes: [
            {
              font,
              size: 28,
              gap: 6,
              space: 64,
              stroke: () => colours['ink-soft'],
              grid: { stroke: () => colours.line, width: 1 },
              ticks: { show: false },
              values: (_, splits) => clockTicks(splits),
            },
            ...axes.map((axis, at) => axisOf(axis, at === 0, palette, font)),
          ],
          series: [{}, ...lines.map((line) => seriesOf(line, palette))],
          bands: bands.map(([upper, lower, hue]) => ({
            series: [upper + 1, lower + 1],
            fill: () => colours[hue],
          })),
          tzDate: (seconds) => {
            const at = new Date(1000 * seconds);
            return new Date(at.getTime() + 60_000 * at.getTimezoneOffset());
          },
          hooks: { drawClear: [painted('under')], draw: [painted('over')], setCursor: [moved] },
        },
        [[], ...lines.map(() => [])],
        within,
      );
    const sizes = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = within;
      if (clientWidth === 0 || clientHeight === 0) return;
      if (plot.current === undefined) plot.current = build(clientWidth, clientHeight);
      else plot.current.setSize({ width: clientWidth, height: clientHeight });
      put();
    });
    sizes.observe(within);
    const endTheme = onThemeChange(() => {
      colours = coloursOf(within);
      plot.current?.redraw(false);
    });
    return () => {
      sizes.disconnect();
      endTheme();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  const { xs, columns, span, under, over } = props;
  useLayoutEffect(put, [xs, columns, span[0], span[1], under, over]);

  const point = (row: number): void => {
    const drawn = plot.current;
    const place = Math.max(0, Math.min(rows.current.length - 1, row));
    const at = drawn?.data[0][place];
    if (drawn === undefined || at === undefined) return;
    chosen.current = at;
    aim(drawn, at);
  };
  const leave = (): void => {
    chosen.current = undefined;
    plot.current?.setCursor({ left: -10, top: -10 });
  };
  const pressed = (event: KeyboardEvent): void => {
    const place = plot.current?.cursor.idx ?? rows.current.length - 1;
    const far = event.shiftKey ? 20 : 1;
    const to = { ArrowLeft: place - far, ArrowRight: place + far, Home: 0, End: rows.current.length - 1 }[
      event.key
    ];
    if (event.key === 'Escape') leave();
    if (to === undefined) return;
    event.preventDefault();
    point(to);
  };

  const reading =
    pointed !== undefined && pointed.row < xs.length ? props.read(pointed.row, reach()) : undefined;
  const [from, until] = props.span;
  const place =
    pointed === undefined ? 100 : Math.round((100 * ((xs[pointed.row] ?? until) - from)) / (until - from));
  return (
    <div class={`chart-body chart-${props.size}`}>
      <div
        class="chart-plot"
        ref={host}
        role="slider"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={place}
        aria-valuetext={reading === undefined ? 'now' : readingWords(reading)}
        tabIndex={0}
        onKeyDown={pressed}
        onBlur={leave}
        onPointerMove={() => {
          chosen.current = undefined;
        }}
      />
      {reading !== undefined && pointed !== undefined && (
        <div
          class={`chart-tip ${pointed.right ? 'chart-tip-before' : ''}`}
          style={{ left: `${pointed.left}px` }}
          aria-hidden="true"
        >
          <strong>{reading.title}</strong>
          <dl>
            {reading.rows.map(({ name, value, hue }) => (
              <div key={name + value}>
                <dt>
                  {hue !== undefined && <i class={`swatch hue-${hue}`} />}
                  {name}
                </dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}
