import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ReliabilityBin } from '../../src/console/state.ts';
import { Calm } from './calm.tsx';
import { percent, plain } from './figures.ts';
import { offBins, reliabilityWords } from './reliability-words.ts';
import { linearScale } from './scale.ts';
import { shareInterval } from './share-interval.ts';
import { useSize } from './use-size.ts';

export interface ReliabilityChartProps {
  readonly bins: readonly ReliabilityBin[];
}

const MARGIN = { left: 44, right: 12, top: 12, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const LARGEST = 12;

/**
 * Probabilities against what came: one circle for each group, as large as its count, with the interval of its share;
 * on the diagonal they agree. A filled circle is off by more than chance allows.
 */
export function ReliabilityChart({ bins }: ReliabilityChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [width, height] = useSize(host);
  const seen = bins.filter(({ count }) => count > 0);
  if (seen.length === 0)
    return <Calm size="square">No contract has settled yet, so no probability has come true or false.</Calm>;
  const words = reliabilityWords(bins);
  const off = new Set(offBins(bins));
  const side = Math.max(
    40,
    Math.min(width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom),
  );
  const left = Math.max(MARGIN.left, (width - side - MARGIN.left - MARGIN.right) / 2 + MARGIN.left);
  const bottom = MARGIN.top + side;
  // The circles at 0 and 1 have room within the frame.
  const x = linearScale([0, 1], [left + LARGEST, left + side - LARGEST]);
  const y = linearScale([0, 1], [bottom - LARGEST, MARGIN.top + LARGEST]);
  const most = Math.max(...seen.map(({ count }) => count));
  const radius = (count: number): number => Math.max(3, LARGEST * Math.sqrt(count / most));
  return (
    <figure class="chart">
      <div class="chart-body chart-square" ref={host} role="img" aria-label={words}>
        {width > 0 && (
          <svg class="drawing" width={width} height={height} aria-hidden="true" focusable="false">
            {TICKS.map((tick) => (
              <g key={tick}>
                <path
                  class="grid"
                  d={`M${left} ${y(tick)}H${left + side}M${x(tick)} ${MARGIN.top}V${bottom}`}
                />
                <text class="tick mark-end" x={left - 6} y={y(tick) + 4}>
                  {percent(tick, 0)}
                </text>
                <text class="tick tick-middle" x={x(tick)} y={bottom + 16}>
                  {percent(tick, 0)}
                </text>
              </g>
            ))}
            <path class="diagonal" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
            <text class="tick tick-middle" x={left + side / 2} y={bottom + 34}>
              we said
            </text>
            <text class="tick" x={left + 6} y={MARGIN.top + 14}>
              came
            </text>
            {seen.map((bin) => {
              const [low, high] = shareInterval(bin.shareYes * bin.count, bin.count);
              return (
                <g key={bin.from} class={off.has(bin) ? 'bin bin-off' : 'bin'}>
                  <path
                    d={`M${x(bin.meanProbability).toFixed(1)} ${y(low).toFixed(1)}V${y(high).toFixed(1)}`}
                  />
                  <circle cx={x(bin.meanProbability)} cy={y(bin.shareYes)} r={radius(bin.count)}>
                    <title>{`said ${percent(bin.meanProbability)}, came ${percent(bin.shareYes)} of ${plain(bin.count)}`}</title>
                  </circle>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <figcaption class="chart-foot">{words}</figcaption>
      <div class="unseen">
        <table>
          <caption>Probabilities by group against what came</caption>
          <tbody>
            {seen.map((bin) => (
              <tr key={bin.from}>
                <th scope="row">{`${percent(bin.from, 0)} to ${percent(bin.to, 0)}`}</th>
                <td>{`said ${percent(bin.meanProbability)}, came ${percent(bin.shareYes)} of ${plain(bin.count)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
