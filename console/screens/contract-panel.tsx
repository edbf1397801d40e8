import type { ConsoleState, ContractView, DecisionNumbers } from '../../src/console/state.ts';
import { SidePanel } from '../parts/side-panel.tsx';
import { useDecision } from '../store/use-decision.ts';
import { useSlowly } from '../store/use-slowly.ts';
import { closedWords, isClosed } from '../words/closed-words.ts';
import { contractTitle } from '../words/contract-title.ts';
import { cents, clock, contracts, countdown, held } from '../words/format.ts';
import { DecisionDetail } from './decision-detail.tsx';

interface Props {
  readonly state: ConsoleState;
  readonly ticker: string;
  readonly onClose: () => void;
}

const LEVELS = 5;
/** A contract may be decided on ten times a second, and nobody reads its findings as often. */
const FINDINGS_MS = 1_000;

function Book({ contract }: { readonly contract: ContractView }) {
  const { bids, asks } = contract;
  const most = Math.max(1, ...[...bids, ...asks].slice(0, 2 * LEVELS).map(([, count]) => count));
  const rows = Array.from({ length: Math.min(LEVELS, Math.max(bids.length, asks.length)) }, (_, at) => at);
  const cell = (level: readonly [number, number] | undefined, side: string) => (
    <>
      <td class={`number ${side}`}>{level ? cents(level[0]) : ''}</td>
      <td class="number">{level ? contracts(level[1]) : ''}</td>
      <td class="depth">
        {level ? (
          <svg class={`bar ${side}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill" width={(100 * level[1]) / most} height="6" />
          </svg>
        ) : null}
      </td>
    </>
  );
  if (!contract.live)
    return <p class="empty">Its book is void: a message was missed. It is asked for again.</p>;
  if (rows.length === 0) return <p class="empty">Nobody bids and nobody offers.</p>;
  return (
    <table class="book">
      <thead>
        <tr>
          <th scope="col" class="number">
            bid ¢
          </th>
          <th scope="col" class="number">
            count
          </th>
          <th scope="col">
            <span class="unseen">depth of bids</span>
          </th>
          <th scope="col" class="number">
            ask ¢
          </th>
          <th scope="col" class="number">
            count
          </th>
          <th scope="col">
            <span class="unseen">depth of asks</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((at) => (
          <tr key={at}>
            {cell(bids[at], 'bid')}
            {cell(asks[at], 'ask')}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LastDecision({ decision }: { readonly decision: DecisionNumbers }) {
  return <DecisionDetail decision={decision} asked={useDecision(useSlowly(decision.id, FINDINGS_MS))} />;
}

/** An open contract: its decision with all that led to it, and its book. */
export function ContractPanel({ state, ticker, onClose }: Props) {
  const contract = state.maps.contracts[ticker];
  if (!contract)
    return (
      <SidePanel title={ticker} onClose={onClose}>
        <p class="empty">This contract is not open any more. Its decisions are on the screen Decisions.</p>
      </SidePanel>
    );
  const closed = isClosed(contract, state.at);
  return (
    <SidePanel title={`${contract.asset} ${contractTitle(contract)}`} onClose={onClose}>
      <p class="soft ticker">{ticker}</p>
      <dl class="pairs wide">
        <dt>{closed ? 'closed' : 'closes'}</dt>
        <dd>
          {clock(contract.closeAt)} UTC{closed ? '' : `, in ${countdown(contract.closeAt - state.at)}`}
        </dd>
        <dt>held</dt>
        <dd>{held(contract.position)}</dd>
        {closed ? (
          <>
            <dt>result</dt>
            <dd>{closedWords(contract)}</dd>
          </>
        ) : null}
        <dt>fair</dt>
        <dd>
          {cents(contract.fairTicks)} ± {cents(contract.fairErrorTicks)} ¢
        </dd>
      </dl>
      {contract.decision ? (
        <LastDecision key={ticker} decision={contract.decision} />
      ) : (
        <p class="empty">No decision yet: its book, the index or the forecast has not come.</p>
      )}
      <section aria-label="Book">
        <h3>Book</h3>
        {closed ? <p class="empty">It has closed, so nothing is quoted.</p> : <Book contract={contract} />}
      </section>
    </SidePanel>
  );
}
