import { ReliabilityChart } from '../charts/reliability-chart.tsx';
import { Quality } from '../panels/quality.tsx';
import { Score } from '../panels/score.tsx';
import { Panel } from '../parts/panel.tsx';
import type { ScreenProps } from './screen-of.tsx';

/** How good the forecasts and the probabilities were, over what has come true. */
export function Forecasts({ state }: ScreenProps) {
  const { quality, reliability, score } = state.values;
  return (
    <div class="charts">
      <h1 class="unseen">Forecast quality</h1>
      <Panel title="Forecasts" about="each member against the baseline, over what has come true">
        <Quality quality={quality} assets={state.maps.assets} />
      </Panel>
      <Panel title="Against the market" about="the first decision of each minute, over what has settled">
        <Score score={score} />
      </Panel>
      <Panel title="Reliability" about="of all to which it gave a chance, how many came true">
        <ReliabilityChart bins={reliability} />
      </Panel>
    </div>
  );
}
