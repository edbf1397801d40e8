import { useMemo, useState } from 'preact/hooks';
import { EquityChart } from '../charts/equity-chart.tsx';
import { LadderMap } from '../charts/ladder-map.tsx';
import { PayoffChart } from '../charts/payoff-chart.tsx';
import { PriceChart } from '../charts/price-chart.tsx';
import { VolatilityChart } from '../charts/volatility-chart.tsx';
import { Panel } from '../parts/panel.tsx';
import { hashOf } from '../store/route.ts';
import type { ScreenProps } from './screen-of.tsx';

/** Price and forecast, volatilities beside equity, exposure beside the ladder: of one asset, where there are several. */
export function Charts({ state }: ScreenProps) {
  const { assets, contracts, orders, payoffs } = state.maps;
  const names = Object.keys(assets).sort();
  const contractList = useMemo(() => Object.values(contracts), [contracts]);
  const orderList = useMemo(() => Object.values(orders), [orders]);
  const payoffList = useMemo(() => Object.values(payoffs), [payoffs]);
  const [chosen, setChosen] = useState<string>();
  const name = chosen !== undefined && names.includes(chosen) ? chosen : names[0];
  const asset = name === undefined ? undefined : assets[name];
  const own = useMemo(() => contractList.filter((contract) => contract.asset === name), [contractList, name]);
  if (name === undefined || !asset)
    return (
      <section class="panel">
        <h1 class="unseen">Charts</h1>
        <p class="empty">No asset is known yet: the first price has not come.</p>
      </section>
    );
  return (
    <div class="charts">
      <header class="panel head filters">
        <h1>Charts</h1>
        <label>
          <span>asset</span>
          <select value={name} onChange={(event) => setChosen(event.currentTarget.value)}>
            {names.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </header>
      <Panel title="Price and forecast" about="four outcomes of five lie in the cone" wide>
        <PriceChart
          asset={asset}
          prices={state.rings.prices}
          contracts={contractList}
          orders={orderList}
          fills={state.rings.fills}
          at={state.at}
        />
      </Panel>
      <Panel title="Volatility" about="expected, implied by the books, and realised, a year">
        <VolatilityChart asset={name} volatilities={state.rings.volatilities} at={state.at} />
      </Panel>
      <Panel title="Equity" about="in dollars, with the worst that was open">
        <EquityChart equity={state.rings.equity} at={state.at} />
      </Panel>
      <Panel title="Exposure" about="profit or loss of all that is held, by settlement value">
        <PayoffChart payoffs={payoffList} assets={assets} />
      </Panel>
      <Panel title="Ladder" about="our fair value minus the middle of the book">
        <LadderMap
          contracts={own}
          indexDollars={asset.indexDollars}
          at={state.at}
          onPick={(ticker) => {
            location.hash = hashOf('now', ticker);
          }}
        />
      </Panel>
    </div>
  );
}
