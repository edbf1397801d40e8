import type { Micros } from '../../../domain/time.ts';
import type { KalshiEmission } from '../public/emission.ts';
import type { KalshiAccounts } from './accounts.ts';
import type { KalshiHalts } from './halts.ts';
import type { KalshiMatching } from './matching.ts';
import type { KalshiOutput } from './port.ts';

/** What the makers do, as the public sees it among the member's orders. */
export interface MakersFeed {
  /** Receives an action of the makers, and adds the public outputs, which include the member's orders. */
  readonly hear: (emission: KalshiEmission, out: KalshiOutput[]) => void;
  /**
   * Takes a market up again after a pause: its resting orders are cancelled, and the book is published as
   * the makers left it.
   */
  readonly resume: (ticker: string, out: KalshiOutput[]) => void;
}

/** The parts that the makers' feed needs. */
export interface MakersFeedParts {
  readonly accounts: KalshiAccounts;
  readonly matching: KalshiMatching;
  readonly halts: KalshiHalts;
  readonly now: () => Micros;
}

/**
 * Applies the makers' actions to the books. While a market is paused nothing trades: makers' changes are
 * kept, but not published until it is taken up again, and trades among them do not happen.
 */
export function makersFeed({ accounts, matching, halts, now }: MakersFeedParts): MakersFeed {
  const results = new Map<string, 'yes' | 'no'>();
  /** Paused markets whose makers have moved since. */
  const moved = new Set<string>();

  const end = (ticker: string, out: KalshiOutput[]): void =>
    matching.cancelAll((view) => view.ticker === ticker, out);
  const publish = (ticker: string, out: KalshiOutput[]): void => {
    const market = matching.market(ticker);
    if (!market) return;
    out.push({
      kind: 'snapshot',
      at: now(),
      contract: market.contract(),
      bids: market.overlay.shown('bid'),
      asks: market.overlay.shown('ask'),
    });
  };
  return {
    resume: (ticker, out) => {
      end(ticker, out);
      if (moved.delete(ticker)) publish(ticker, out);
    },
    hear: (emission, out) => {
      if (!('contract' in emission)) {
        out.push(emission);
        return;
      }
      const { ticker } = emission.contract;
      const market = matching.list(emission.contract);
      const paused = halts.paused(ticker);
      switch (emission.kind) {
        case 'snapshot': {
          const { overlay } = market;
          market.open();
          if (now() >= market.contract().closeAt) end(ticker, out);
          if (paused) overlay.replace(emission.bids, emission.asks);
          else matching.meet(market, overlay.load(emission.bids, emission.asks), out);
          out.push({ ...emission, bids: overlay.shown('bid'), asks: overlay.shown('ask') });
          return;
        }
        case 'delta': {
          const { side, ticks, change } = emission;
          if (paused) {
            market.overlay.absorb(side, ticks, change);
            moved.add(ticker);
            return;
          }
          const { shown, hits } = market.overlay.change(side, ticks, change);
          matching.meet(market, hits, out);
          if (shown === change) out.push(emission);
          else market.delta(side, ticks, shown, out);
          return;
        }
        case 'trade': {
          if (paused) return;
          const { count, hits } = market.overlay.trade(emission.taker, emission.ticks, emission.count);
          matching.meet(market, hits, out);
          market.makersTrade(emission, count, out);
          return;
        }
        case 'ticker':
          if (!paused) market.makersTicker(emission, out);
          return;
        case 'determined':
          results.set(ticker, emission.result);
          out.push(emission);
          return;
        case 'settled': {
          end(ticker, out);
          const result = results.get(ticker);
          if (result) accounts.settle(emission.contract, result, now());
          results.delete(ticker);
          moved.delete(ticker);
          halts.setMarket(ticker, true);
          matching.unlist(ticker);
          out.push(emission);
          return;
        }
        case 'disputed':
        case 'halted':
          out.push(emission);
          return;
        default:
          market.rename(emission.contract);
          out.push(emission);
      }
    },
  };
}
