import type { ContractView } from '../../src/console/state.ts';
import { Chip } from '../parts/chip.tsx';
import { Figure } from '../parts/figure.tsx';
import { QuoteStrip } from '../parts/quote-strip.tsx';
import { closedWords, isClosed } from '../words/closed-words.ts';
import { contractTitle } from '../words/contract-title.ts';
import { cents, centsGain, contracts, gain, held } from '../words/format.ts';
import { stanceOf } from '../words/stance-of.ts';

interface Props {
  readonly contract: ContractView;
  readonly chosen: boolean;
  /** With the picture of book and fair value. */
  readonly pictured: boolean;
  /** The one row that Tab reaches; arrows move from it. */
  readonly reachable: boolean;
  /** Event time now. */
  readonly at: number;
  readonly onOpen: (ticker: string) => void;
}

/** One contract: book, fair value, edge, what is held, and why it is traded or not. */
export function ContractRow({ contract, chosen, pictured, reachable, at, onOpen }: Props) {
  const { ticker, bidTicks, askTicks, bidCount, askCount, fairTicks, fairErrorTicks, position, decision } =
    contract;
  const [tone, words] = stanceOf(contract, at);
  const closed = isClosed(contract, at);
  const edge = closed ? null : (decision?.edgeDollars ?? null);
  return (
    <tr
      class={`contract ${contract.live ? '' : 'dead'}`}
      aria-selected={chosen}
      data-ticker={ticker}
      tabIndex={reachable ? 0 : -1}
      onClick={() => onOpen(ticker)}
    >
      <th scope="row" class="name">
        <b>{contractTitle(contract)}</b>
        <span class="soft">{ticker}</span>
      </th>
      <td class="number bid" data-label="bid">
        <Figure text={cents(bidTicks)} />
        <Figure tag="span" tone="soft" text={contracts(bidCount)} />
      </td>
      <td class="number ask" data-label="ask">
        <Figure text={cents(askTicks)} />
        <Figure tag="span" tone="soft" text={contracts(askCount)} />
      </td>
      <td class="number fair" data-label="fair">
        <Figure text={cents(fairTicks)} />
        <Figure tag="span" tone="soft" text={fairErrorTicks === null ? '' : `± ${cents(fairErrorTicks)}`} />
      </td>
      {pictured ? (
        <td class="picture">
          <QuoteStrip
            bidTicks={bidTicks}
            askTicks={askTicks}
            fairTicks={fairTicks}
            errorTicks={fairErrorTicks}
          />
        </td>
      ) : null}
      <td class={`number edge ${decision?.verdict === 'approved' ? 'good' : ''}`} data-label="edge">
        <Figure text={centsGain(edge)} />
        <span class="soft">after fee</span>
      </td>
      <td class="number held" data-label="held">
        <Figure tone={position > 0 ? 'yes' : position < 0 ? 'no' : ''} text={held(position)} />
        <Figure tag="span" tone="soft" text={contract.pnlDollars === null ? '' : gain(contract.pnlDollars)} />
      </td>
      <td class="stance">
        <Chip tone={tone} words={words} />
      </td>
      <td class="why">
        <span>{closed ? closedWords(contract) : (decision?.why ?? 'no decision yet')}</span>
      </td>
    </tr>
  );
}
