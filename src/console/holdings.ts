import type { Contract } from '../domain/contracts.ts';
import type { AccountAdopted, AccountChanged, OrderSent } from '../domain/events/account.ts';
import type { GatewayEvent, Settlement } from '../domain/events/order.ts';
import { cash, count, DOLLAR_TICKS } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';
import { adopt } from '../portfolio/adopt.ts';
import { applyContract } from '../portfolio/apply-contract.ts';
import { applyGateway } from '../portfolio/apply-gateway.ts';
import { applyOrder } from '../portfolio/apply-order.ts';
import { emptyPortfolio, type Holding, type Portfolio } from '../portfolio/portfolio.ts';
import { dayOf } from '../portfolio/realise.ts';
import { settle } from '../portfolio/settle.ts';
import type { ContractSlot } from './contracts.ts';
import type { Money } from './state.ts';

/** What is held, by the events alone. */
export interface Holdings {
  readonly portfolio: () => Portfolio;
  readonly account: (event: AccountChanged) => void;
  /** The terms of a contract became known or changed. */
  readonly terms: (contract: Contract) => void;
  readonly sent: (event: OrderSent) => void;
  readonly answered: (event: GatewayEvent) => void;
  readonly settled: (event: Settlement) => void;
  /** Returns the tickers of which something is, or was held. */
  readonly adopted: (event: AccountAdopted) => readonly string[];
  /** In 0.01 contracts; NO is negative. */
  readonly positionOf: (ticker: string) => number;
  /** The account for the operator as of `at`; null before it was told. */
  readonly money: (at: Micros) => Money | null;
}

/** Results that are remembered, so that a repeated one is not booked twice. */
const MOST_SETTLED = 2_000;

/** Profit or loss of a position if it were sold now, in dollars; undefined where nobody bids. */
const markOf = ({ position, paid }: Holding, slot: ContractSlot | undefined): number | undefined => {
  if (!slot?.live) return undefined;
  const { bidTicks, askTicks } = slot;
  // A sale of YES meets the bid; a sale of NO meets whoever sells YES, at what is left of a dollar.
  const saleTicks = position > 0 ? bidTicks : askTicks === undefined ? undefined : DOLLAR_TICKS - askTicks;
  return saleTicks === undefined ? undefined : ((Math.abs(position) * saleTicks) / 100 - paid) / DOLLAR_TICKS;
};

/**
 * Books orders, fills and results by the account's own rules. An order counts at its limit, without the fee
 * that it may still cost. `slotOf` gives a contract's terms and quotes. `peakOf` is the peak that the lane itself
 * measures by, with earlier runs of the account; where it is undefined the peak is that of this run.
 */
export function holdings(
  slotOf: (ticker: string) => ContractSlot | undefined,
  peakOf: () => number | undefined = () => undefined,
): Holdings {
  let portfolio = emptyPortfolio(cash(0));
  let last: AccountChanged | undefined;
  let peakDollars = Number.NEGATIVE_INFINITY;

  const positionOf = (ticker: string): number => portfolio.holdings.get(ticker)?.position ?? 0;
  const known = (ticker: string): void => {
    const contract = slotOf(ticker)?.terms?.contract;
    if (contract) portfolio = applyContract(portfolio, contract);
  };
  return {
    portfolio: () => portfolio,
    account: (event) => {
      last = event;
      peakDollars = Math.max(peakDollars, event.equityDollars);
    },
    terms: (contract) => {
      if (portfolio.holdings.has(contract.ticker) || portfolio.orders.size > 0)
        portfolio = applyContract(portfolio, contract);
    },
    sent: ({ order }) => {
      const contract = slotOf(order.ticker)?.terms?.contract;
      if (contract && !portfolio.orders.has(order.clientOrderId))
        portfolio = applyOrder(portfolio, order, contract, cash(0));
    },
    answered: (event) => {
      portfolio = applyGateway(portfolio, event);
      if (event.kind === 'fill') known(event.ticker);
    },
    settled: ({ ticker, at, result, valueUnits, valueDollars, source }) => {
      ({ portfolio } = settle(portfolio, { ticker, at, result, valueUnits, valueDollars, source }));
      if (portfolio.settled.size <= MOST_SETTLED) return;
      const kept = [...portfolio.settled].slice(-MOST_SETTLED / 2);
      portfolio = { ...portfolio, settled: new Map(kept) };
    },
    adopted: ({ positions }) => {
      const named = new Set(positions.map(({ ticker }) => ticker));
      const ended = [...portfolio.holdings.keys()]
        .filter((ticker) => !named.has(ticker))
        .map((ticker) => ({ ticker, position: count(0), paid: cash(0) }));
      portfolio = adopt(portfolio, { positions: [...positions, ...ended] });
      for (const ticker of named) known(ticker);
      return [...named, ...ended.map(({ ticker }) => ticker)];
    },
    positionOf,
    money: (at) => {
      if (!last) return null;
      let marked: number | null = 0;
      for (const holding of portfolio.holdings.values()) {
        if (holding.position === 0) continue;
        const mark = markOf(holding, slotOf(holding.ticker));
        marked = marked === null || mark === undefined ? null : marked + mark;
      }
      return {
        cashDollars: last.cashDollars,
        reservedDollars: last.reservedDollars,
        // An account that has not moved since yesterday has realised nothing today.
        dayDollars: dayOf(last.at) === dayOf(at) ? last.dayDollars : 0,
        feesDollars: last.feesDollars,
        equityDollars: last.equityDollars,
        peakDollars: peakOf() ?? peakDollars,
        worstDollars: last.worstDollars,
        markedDollars: marked,
        openPositions: last.openPositions,
        openOrders: last.openOrders,
      };
    },
  };
}
