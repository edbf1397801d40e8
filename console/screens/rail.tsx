import { useMemo } from 'preact/hooks';
import type { ConsoleState } from '../../src/console/state.ts';
import { PayoffChart } from '../charts/payoff-chart.tsx';
import { PriceChart } from '../charts/price-chart.tsx';
import { Guarded } from '../parts/guarded.tsx';
import { Panel } from '../parts/panel.tsx';
import { clock } from '../words/format.ts';

const NEWS = 6;

/** What a wide screen has room for beside the contracts: price, exposure, and the latest of the log. */
export function Rail({ state }: { readonly state: ConsoleState }) {
  const { assets, contracts, orders, payoffs } = state.maps;
  const contractList = useMemo(() => Object.values(contracts), [contracts]);
  const orderList = useMemo(() => Object.values(orders), [orders]);
  const payoffList = useMemo(() => Object.values(payoffs), [payoffs]);
  const [asset] = Object.values(assets);
  const news = state.rings.log.slice(-NEWS).reverse();
  return (
    <div class="rail">
      {asset ? (
        <Panel title={`${asset.asset}, price and forecast`}>
          <Guarded>
            <PriceChart
              asset={asset}
              prices={state.rings.prices}
              contracts={contractList}
              orders={orderList}
              fills={state.rings.fills}
              at={state.at}
            />
          </Guarded>
        </Panel>
      ) : null}
      <Panel title="Exposure">
        <Guarded>
          <PayoffChart payoffs={payoffList} assets={assets} />
        </Guarded>
      </Panel>
      <Panel title="Latest">
        <ol class="news">
          {Array.from({ length: NEWS }, (_, place) => {
            const line = news[place];
            return (
              // A new line must move nothing.
              <li key={place} class={line && line.level !== 'info' ? line.level : ''}>
                {line ? `${clock(line.at)} ${line.text}` : ' '}
              </li>
            );
          })}
        </ol>
      </Panel>
    </div>
  );
}
