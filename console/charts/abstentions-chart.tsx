import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { AbstentionPoint } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { checkTitle } from '../../src/risk/check-title.ts';
import { abstentionWords } from './abstention-words.ts';
import { Calm } from './calm.tsx';
import { Choice } from './choice.tsx';
import { plain } from './figures.ts';
import type { Hue } from './hue.ts';
import { stackedChecks } from './stacked-checks.ts';
import { type PlotAxis, type PlotLine, TimePlot } from './time-plot.tsx';

export interface AbstentionsChartProps {
  readonly abstentions: readonly AbstentionPoint[];
  readonly at: number;
}

const HUES: readonly Hue[] = ['chart-1', 'chart-2', 'chart-3', 'chart-4', 'chart-5', 'chart-6', 'chart-7'];
const hueAt = (layer: number): Hue => HUES[Math.min(layer, HUES.length - 1)] ?? 'chart-7';
const LAYERS = HUES.length - 1;
const MOST_SPANS = 96;
const HOUR = 3_600_000_000;
const AXES: readonly PlotAxis[] = [
  {
    scale: 'y',
    side: 'right',
    words: (value) => plain(value, Number.isInteger(value) ? 0 : 1),
    range: (_, high) => [0, high === null || high <= 0 ? 1 : high * 1.06],
  },
];
const SPANS = [
  ['1', '1 h'],
  ['6', '6 h'],
  ['24', '24 h'],
] as const;
const titleOf = (check: string | undefined): string =>
  check === undefined ? 'all others' : checkTitle(check);

/** Abstentions by the check that refused first, stacked; a press on a check's name takes it out or brings it back. */
export function AbstentionsChart({ abstentions, at }: AbstentionsChartProps): JSX.Element {
  const [hours, setHours] = useState('6');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const from = at - Number(hours) * HOUR;
  const shown = useMemo(() => abstentions.filter((point) => point.at >= from), [abstentions, from]);
  const stack = useMemo(
    () => stackedChecks(shown, { most: MOST_SPANS, layers: LAYERS, hidden }),
    [shown, hidden],
  );
  const { layers, xs, width } = stack;
  // The highest layer is drawn first, and those under it over it.
  const order = useMemo(() => layers.map((_, layer) => layers.length - 1 - layer), [layers]);
  const columns = useMemo(
    () =>
      order.map((layer) =>
        hidden.has(layers[layer]?.check ?? '') ? xs.map(() => null) : (layers[layer]?.tops ?? []),
      ),
    [order, layers, xs, hidden],
  );
  if (layers.length === 0)
    return (
      <Calm size="middle">
        {abstentions.length === 0
          ? 'No decision has been refused yet.'
          : 'No decision was refused in the last hours.'}
      </Calm>
    );
  const lines = order.map((layer): PlotLine => ({ hue: hueAt(layer), scale: 'y', kind: 'bars' }));
  const toggle = (check: string): void => {
    const next = new Set(hidden);
    if (!next.delete(check)) next.add(check);
    setHidden(next);
  };
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <ul class="chart-legend">
          {layers.map(({ check, total }, layer) => (
            <li key={check ?? ''}>
              <button
                type="button"
                aria-pressed={!hidden.has(check ?? '')}
                onClick={() => toggle(check ?? '')}
              >
                <svg
                  class={`hue-${hueAt(layer)}`}
                  width="10"
                  height="10"
                  aria-hidden="true"
                  focusable="false"
                >
                  <rect width="10" height="10" rx="2" class="sample-area" />
                </svg>
                <span>{titleOf(check)}</span>
                <b>{plain(total)}</b>
              </button>
            </li>
          ))}
        </ul>
        <Choice label="Time shown" options={SPANS} value={hours} onChoose={setHours} />
      </figcaption>
      <TimePlot
        label={abstentionWords(stack)}
        size="middle"
        lines={lines}
        axes={AXES}
        xs={xs}
        columns={columns}
        span={[(xs[0] ?? 0) - width / 2, (xs.at(-1) ?? 0) + 1.5 * width]}
        read={(row) => ({
          title: `${clockTime((xs[row] ?? 0) * 1e6).slice(0, 5)}–${clockTime(((xs[row] ?? 0) + width) * 1e6).slice(0, 5)} UTC`,
          rows: layers.flatMap(({ check, counts }, layer) =>
            hidden.has(check ?? '') || (counts[row] ?? 0) === 0
              ? []
              : [{ name: titleOf(check), value: plain(counts[row]), hue: hueAt(layer) }],
          ),
        })}
      />
    </figure>
  );
}
