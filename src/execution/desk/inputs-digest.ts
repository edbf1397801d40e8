import type { DeskInput } from './desk-events.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const WORD = 0x100000000;

/** How many names keep their digest; more than are ever open at once. */
const MOST_NAMES = 4_096;

/** A running digest of the inputs that the desk received for one asset. */
export interface InputsDigest {
  readonly add: (event: DeskInput) => void;
  /** 8 hexadecimal digits. */
  readonly read: () => string;
}

/**
 * FNV-1a over 32-bit words (Fowler, Noll, Vo) of every market input: book changes with contract, side, price
 * and count, tickers, trades, index, forecasts, strikes. It is not cryptographic, but an altered quote
 * changes every later reading. Floats enter as multiples of 1e-8.
 */
export function inputsDigest(): InputsDigest {
  let state = OFFSET;
  const word = (value: number): void => {
    state = Math.imul(state ^ value, PRIME);
  };
  const whole = (value: number): void => {
    word(value | 0);
    // Above 32 bits the low word alone would miss changes in the high word.
    if (value > 0x7fffffff) word((value / WORD) | 0);
  };
  const names = new Map<string, number>();
  const name = (text: string): void => {
    let digest = names.get(text);
    if (digest === undefined) {
      if (names.size >= MOST_NAMES) names.clear();
      digest = OFFSET;
      for (let i = 0; i < text.length; i++) digest = Math.imul(digest ^ text.charCodeAt(i), PRIME);
      names.set(text, digest);
    }
    word(digest);
  };
  const float = (value: number): void => whole(Math.round(value * 1e8));

  return {
    add: (event) => {
      switch (event.kind) {
        case 'contractBook': {
          const { at, change, ticker } = event;
          whole(at);
          name(ticker);
          if (change.kind === 'delta') {
            word(change.side === 'bid' ? change.priceTicks : ~change.priceTicks);
            word(change.change);
          } else if (change.kind === 'snapshot') {
            const { bids, asks } = change;
            for (let i = 0; i < bids.length; i += 2) {
              word(bids[i] as number);
              word(bids[i + 1] as number);
            }
            for (let i = 0; i < asks.length; i += 2) {
              word(~(asks[i] as number));
              word(asks[i + 1] as number);
            }
          }
          return;
        }
        case 'contractTicker':
          whole(event.at);
          name(event.ticker);
          word(event.lastTicks);
          word(event.bidTicks ?? 0);
          word(event.askTicks ?? 0);
          whole(event.volume);
          return;
        case 'contract':
          name(event.contract.ticker);
          whole(event.contract.closeAt);
          whole(event.contract.floorUnits ?? 0);
          whole(event.contract.capUnits ?? 0);
          return;
        case 'indexPrint':
          whole(event.at);
          whole(event.units);
          return;
        case 'index':
          whole(event.at);
          float(event.value);
          return;
        case 'spotTrade':
          float(event.price);
          return;
        case 'forecast':
          whole(event.at);
          float(event.annualisedVolatility);
          return;
        default:
          return;
      }
    },
    read: () => (state >>> 0).toString(16).padStart(8, '0'),
  };
}
