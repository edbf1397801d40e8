import type { ContractView, FillView, OrderView } from '../../src/console/state.ts';
import { Chip } from '../parts/chip.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { againstPaper } from '../words/against-paper.ts';
import { bought, cents, clock, contracts, decimal, dollars } from '../words/format.ts';
import { queueWords } from '../words/queue-words.ts';
import type { ScreenProps } from './screen-of.tsx';

const MOST = 100;
const OPEN: readonly OrderView['state'][] = ['sent', 'submitted', 'unknown', 'resting'];
const TONES: Partial<Readonly<Record<OrderView['state'], string>>> = {
  filled: 'good',
  rejected: 'bad',
  unknown: 'bad',
};

const millis = (value: number | null): string => (value === null ? '–' : `${decimal(value, 0)} ms`);

interface TableProps {
  readonly title: string;
  readonly orders: readonly OrderView[];
  readonly contractOf: (ticker: string) => ContractView | undefined;
}

function OrdersTable({ title, orders, contractOf }: TableProps) {
  return (
    <Scroll title={title}>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">sent UTC</th>
            <th scope="col">contract</th>
            <th scope="col">state</th>
            <th scope="col">buys</th>
            <th scope="col" class="number">
              YES limit ¢
            </th>
            <th scope="col" class="number">
              filled
            </th>
            <th scope="col" class="number">
              at ¢
            </th>
            <th scope="col" class="number">
              fee
            </th>
            <th scope="col" class="number">
              answered
            </th>
            <th scope="col" class="number">
              ended
            </th>
            {(['1', '5', '30', '60'] as const).map((seconds) => (
              <th key={seconds} scope="col" class="number">
                after {seconds} s, ¢
              </th>
            ))}
            <th scope="col">queue</th>
            <th scope="col">against paper</th>
            <th scope="col">why</th>
          </tr>
        </thead>
        <tbody>
          {orders.map((each) => (
            <tr key={each.clientOrderId}>
              <td>{clock(each.sentAt)}</td>
              <td>{each.ticker}</td>
              <td>
                <Chip tone={TONES[each.state] ?? 'calm'} words={each.state} />
              </td>
              <td>
                {contracts(each.count)} {bought(each.side)}
              </td>
              <td class="number">{cents(each.limitTicks)}</td>
              <td class="number">{contracts(each.filled)}</td>
              <td class="number">{cents(each.averageTicks)}</td>
              <td class="number">{dollars(each.feeDollars)}</td>
              <td class="number">{millis(each.answeredMs)}</td>
              <td class="number">{millis(each.endedMs)}</td>
              {(['1', '5', '30', '60'] as const).map((seconds) => {
                const ticks = each.markouts[seconds];
                return (
                  <td
                    key={seconds}
                    class={`number ${ticks === null || ticks === 0 ? '' : ticks > 0 ? 'good' : 'bad'}`}
                  >
                    {decimal(ticks === null ? null : ticks / 100, 1, true)}
                  </td>
                );
              })}
              <td>{queueWords(each, contractOf(each.ticker))}</td>
              <td>{againstPaper(each)}</td>
              <td>{each.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function FillsTable({ fills }: { readonly fills: readonly FillView[] }) {
  return (
    <Scroll title="Fills">
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">time UTC</th>
            <th scope="col">contract</th>
            <th scope="col">bought</th>
            <th scope="col" class="number">
              YES price ¢
            </th>
            <th scope="col">as</th>
            <th scope="col" class="number">
              fee
            </th>
            <th scope="col">order</th>
          </tr>
        </thead>
        <tbody>
          {fills.map((each) => (
            <tr key={each.fillId}>
              <td>{clock(each.at)}</td>
              <td>{each.ticker}</td>
              <td>
                {contracts(each.count)} {bought(each.side)}
              </td>
              <td class="number">{cents(each.priceTicks)}</td>
              <td>{each.taker ? 'taker' : 'maker'}</td>
              <td class="number">{dollars(each.feeDollars)}</td>
              <td>{each.clientOrderId}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Orders with their latency, markouts and what paper made of them; then fills. */
export function Orders({ state }: ScreenProps) {
  const orders = Object.values(state.maps.orders).sort((a, b) => b.sentAt - a.sentAt);
  const contractOf = (ticker: string): ContractView | undefined => state.maps.contracts[ticker];
  const open = orders.filter((each) => OPEN.includes(each.state));
  const ended = orders.filter((each) => !OPEN.includes(each.state));
  const fills = state.rings.fills.slice(-MOST).reverse();
  return (
    <div class="stack">
      <h1 class="unseen">Orders and fills</h1>
      <section class="panel" aria-labelledby="open-title">
        <header class="head">
          <h2 id="open-title">Open orders</h2>
          <p class="soft">{open.length}</p>
        </header>
        {open.length > 0 ? (
          <OrdersTable title="Open orders" orders={open} contractOf={contractOf} />
        ) : (
          <p class="empty">No order is open.</p>
        )}
      </section>
      <section class="panel" aria-labelledby="ended-title">
        <header class="head">
          <h2 id="ended-title">Ended orders</h2>
          <p class="soft">
            Markouts are the middle of the book against the fill, in our favour, so many seconds later.
          </p>
        </header>
        {ended.length > 0 ? (
          <OrdersTable title="Ended orders" orders={ended.slice(0, MOST)} contractOf={contractOf} />
        ) : (
          <p class="empty">No order has ended yet.</p>
        )}
      </section>
      <section class="panel" aria-labelledby="fills-title">
        <header class="head">
          <h2 id="fills-title">Fills</h2>
          <p class="soft">{state.rings.fills.length}</p>
        </header>
        {fills.length > 0 ? <FillsTable fills={fills} /> : <p class="empty">Nothing was filled yet.</p>}
      </section>
    </div>
  );
}
