import type { JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { AssetView, Payoff } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { Calm } from './calm.tsx';
import { Choice } from './choice.tsx';
import { dollars, signedDollars } from './figures.ts';
import { Legend } from './legend.tsx';
import { areaTo, pathThrough, valueAt } from './path.ts';
import { payoffWords } from './payoff-words.ts';
import { type Bounds, linearScale, padded, roundTicks } from './scale.ts';
import { strikeDollars } from './strike-lines.ts';
import { useSize } from './use-size.ts';

export interface PayoffChartProps {
  readonly payoffs: readonly Payoff[];
  readonly assets: Readonly<Record<string, AssetView>>;
}

const LEFT = 10;
const RIGHT = 62;
const TOP = 18;
const BOTTOM = 28;
/** Share of the width that one press of an arrow key moves. */
const STRIDE = 0.02;

const keyOf = ({ asset, closeAt }: Payoff): string => `${asset} ${closeAt}`;

/** Profit or loss of everything held on one close by the settlement value, with the worst case and the index now. */
export function PayoffChart({ payoffs, assets }: PayoffChartProps): JSX.Element {
  const [wanted, setWanted] = useState('');
  const held = payoffs.filter(({ points }) => points.length > 1).sort((a, b) => a.closeAt - b.closeAt);
  const payoff = held.find((one) => keyOf(one) === wanted) ?? held[0];
  if (payoff === undefined)
    return (
      <Calm size="middle">Nothing is held or open, so no settlement value can cost or earn anything.</Calm>
    );
  const asset = assets[payoff.asset];
  const several = new Set(held.map((one) => one.asset)).size > 1;
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <Legend
          entries={[
            { name: 'worst', hue: 'bad', look: 'ring', value: signedDollars(payoff.worst[1]) },
            {
              name: 'at the index now',
              hue: 'accent',
              value: signedDollars(
                asset?.indexDollars == null ? null : (valueAt(payoff.points, asset.indexDollars) ?? null),
              ),
            },
            { name: 'four in five at the close', hue: 'band', look: 'area' },
          ]}
        />
        <Choice
          label="Close shown"
          options={held.map((one) => [
            keyOf(one),
            `${several ? `${one.asset} ` : ''}${clockTime(one.closeAt).slice(0, 5)}`,
          ])}
          value={keyOf(payoff)}
          onChoose={setWanted}
        />
      </figcaption>
      <Curve payoff={payoff} asset={asset} />
      <div class="unseen">
        <table>
          <caption>Profit or loss by settlement value</caption>
          <tbody>
            {payoff.points.map(([value, pnl]) => (
              <tr key={`${value} ${pnl}`}>
                <th scope="row">{dollars(value)}</th>
                <td>{signedDollars(pnl)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function Curve({
  payoff,
  asset,
}: {
  readonly payoff: Payoff;
  readonly asset: AssetView | undefined;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [width, height] = useSize(host);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const clip = useId();
  const { points, worst } = payoff;
  const index = asset?.indexDollars ?? null;
  const values = points.map(([value]) => value);
  const span: Bounds = [
    Math.min(...values, index ?? Number.POSITIVE_INFINITY),
    Math.max(...values, index ?? Number.NEGATIVE_INFINITY),
  ];
  const level = padded([0, ...points.map(([, pnl]) => pnl)], 0.12);
  const right = Math.max(LEFT + 1, width - RIGHT);
  const bottom = Math.max(TOP + 1, height - BOTTOM);
  const x = linearScale(span, [LEFT, right]);
  const y = linearScale(level, [bottom, TOP]);
  const ends = [
    [span[0], points[0]?.[1] ?? 0],
    ...points,
    [span[1], points.at(-1)?.[1] ?? 0],
  ] as readonly Bounds[];
  const line = ends.map(([value, pnl]): Bounds => [x(value), y(pnl)]);
  const zero = y(0);
  const cone = asset?.cone.find(({ at }) => at >= payoff.closeAt) ?? undefined;
  const at = pointed === undefined ? undefined : span[0] + pointed * (span[1] - span[0]);
  const there = at === undefined ? undefined : valueAt(points, at);
  const atNow = index === null ? undefined : valueAt(points, index);

  const place = index === null ? 0.5 : (index - span[0]) / (span[1] - span[0]);

  const follow = (event: PointerEvent): void => {
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setPointed(Math.max(0, Math.min(1, (event.clientX - left - LEFT) / (right - LEFT))));
  };
  const press = (event: KeyboardEvent): void => {
    const here = pointed ?? place;
    const to = {
      ArrowLeft: here - STRIDE,
      ArrowRight: here + STRIDE,
      Home: 0,
      End: 1,
    }[event.key];
    if (event.key === 'Escape') setPointed(undefined);
    if (to === undefined) return;
    event.preventDefault();
    setPointed(Math.max(0, Math.min(1, to)));
  };
  const words = `settles at ${dollars(at ?? index)}, ${signedDollars(there ?? atNow)}`;
  const worstX = x(worst[0]);

  return (
    <div class="chart-body chart-middle" ref={host}>
      <div
        class="chart-plot"
        role="slider"
        aria-label={payoffWords(payoff, index)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * (pointed ?? place))}
        aria-valuetext={words}
        tabIndex={0}
        onPointerMove={follow}
        onPointerLeave={() => setPointed(undefined)}
        onKeyDown={press}
      >
        {width > 0 && (
          <svg class="drawing" width={width} height={height} aria-hidden="true" focusable="false">
            <defs>
              <clipPath id={`${clip}-over`}>
                <rect x="0" y="0" width={width} height={Math.max(0, zero)} />
              </clipPath>
              <clipPath id={`${clip}-under`}>
                <rect x="0" y={zero} width={width} height={Math.max(0, height - zero)} />
              </clipPath>
            </defs>
            {cone !== undefined && (
              <rect
                class="area-band"
                x={Math.max(LEFT, x(cone.lowDollars))}
                y={TOP}
                height={bottom - TOP}
                width={Math.max(0, Math.min(right, x(cone.highDollars)) - Math.max(LEFT, x(cone.lowDollars)))}
              />
            )}
            {roundTicks(level, Math.max(2, height / 44)).map((tick) => (
              <g key={tick}>
                <path class="grid" d={`M${LEFT} ${y(tick).toFixed(1)}H${right}`} />
                <text class="tick" x={right + 6} y={y(tick) + 4}>
                  {signedDollars(tick, Number.isInteger(tick) ? 0 : 2)}
                </text>
              </g>
            ))}
            {roundTicks(span, Math.max(2, width / 110)).map((tick) => (
              <text key={tick} class="tick tick-middle" x={Math.max(LEFT + 24, x(tick))} y={height - 9}>
                {strikeDollars(tick)}
              </text>
            ))}
            <path class="area-good" d={areaTo(line, zero)} clip-path={`url(#${clip}-over)`} />
            <path class="area-bad" d={areaTo(line, zero)} clip-path={`url(#${clip}-under)`} />
            <path class="zero" d={`M${LEFT} ${zero.toFixed(1)}H${right}`} />
            <path class="curve curve-good" d={pathThrough(line)} clip-path={`url(#${clip}-over)`} />
            <path class="curve curve-bad" d={pathThrough(line)} clip-path={`url(#${clip}-under)`} />
            {index !== null && atNow !== undefined && (
              <g>
                <path class="now" d={`M${x(index).toFixed(1)} ${TOP}V${bottom}`} />
                <circle class="dot dot-accent" cx={x(index)} cy={y(atNow)} r="4" />
                <text
                  class={`mark ${x(index) > right - 60 ? 'mark-end' : x(index) < LEFT + 60 ? '' : 'tick-middle'}`}
                  x={x(index)}
                  y={TOP - 6}
                >
                  index {dollars(index, 0)}
                </text>
              </g>
            )}
            <circle class="dot dot-bad" cx={worstX} cy={y(worst[1])} r="5" />
            <text
              class={`mark mark-bad ${worstX > (LEFT + right) / 2 ? 'mark-end' : ''}`}
              x={worstX + (worstX > (LEFT + right) / 2 ? -8 : 8)}
              y={Math.min(bottom - 4, y(worst[1]) + 16)}
            >
              worst {signedDollars(worst[1])}
            </text>
            {at !== undefined && there !== undefined && (
              <g>
                <path class="pointer" d={`M${x(at).toFixed(1)} ${TOP}V${bottom}`} />
                <circle class="dot dot-ink" cx={x(at)} cy={y(there)} r="3.5" />
              </g>
            )}
          </svg>
        )}
      </div>
      {at !== undefined && there !== undefined && (
        <div
          class={`chart-tip ${x(at) > width / 2 ? 'chart-tip-before' : ''}`}
          style={{ left: `${x(at)}px` }}
          aria-hidden="true"
        >
          <strong>settles {dollars(at)}</strong>
          <dl>
            <div>
              <dt>P&amp;L</dt>
              <dd>{signedDollars(there)}</dd>
            </div>
          </dl>
        </div>
      )}
    </div>
  );
}
