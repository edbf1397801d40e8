import type { Contract } from '../../domain/contracts.ts';
import type { AccountChanged } from '../../domain/events/account.ts';
import type { GatewayEvent, Order, Settlement } from '../../domain/events/order.ts';
import { type Cash, cash, DOLLAR_TICKS, dollarsOf, MICRO_DOLLARS } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { applyContract } from '../../portfolio/apply-contract.ts';
import { applyGateway } from '../../portfolio/apply-gateway.ts';
import { applyOrder } from '../../portfolio/apply-order.ts';
import { emptyPortfolio, type Portfolio } from '../../portfolio/portfolio.ts';
import { type Outcome, settle } from '../../portfolio/settle.ts';

/** The desk's accounts: the present portfolio, and the fees and profit since the run began. */
export interface Ledger {
  /** The portfolio now. Later entries do not change the returned value. */
  readonly portfolio: () => Portfolio;
  readonly terms: (contract: Contract) => void;
  /** Books an order that is about to be sent; `feeBound` is the most that it may cost in fees. */
  readonly sent: (order: Order, contract: Contract, feeBound: Cash) => void;
  /** Books an answer of the gateway. False for a fill that was booked before, which changes nothing. */
  readonly answered: (event: GatewayEvent) => boolean;
  /** Books the result of a contract; undefined if it was booked before. */
  readonly settled: (outcome: Outcome) => Settlement | undefined;
  /** The account as it is published for the operator. */
  readonly account: (at: Micros) => AccountChanged;
}

/** Opens a ledger with `startingDollars` in cash. */
export function ledger(startingDollars: number): Ledger {
  let portfolio = emptyPortfolio(cash(Math.round(startingDollars * DOLLAR_TICKS)));
  let feesMicroDollars = 0;
  let realised = 0;
  return {
    portfolio: () => portfolio,
    terms: (contract) => {
      portfolio = applyContract(portfolio, contract);
    },
    sent: (order, contract, feeBound) => {
      portfolio = applyOrder(portfolio, order, contract, feeBound);
    },
    answered: (event) => {
      const before = portfolio;
      portfolio = applyGateway(portfolio, event);
      if (event.kind !== 'fill') return true;
      if (portfolio === before) return false;
      feesMicroDollars += event.fee;
      return true;
    },
    settled: (outcome) => {
      const { portfolio: after, settlement } = settle(portfolio, outcome);
      portfolio = after;
      realised += settlement?.pnl ?? 0;
      return settlement;
    },
    account: (at) => {
      let openPositions = 0;
      for (const { position } of portfolio.holdings.values()) if (position !== 0) openPositions++;
      return {
        kind: 'account',
        at,
        cashDollars: dollarsOf(portfolio.cash),
        reservedDollars: dollarsOf(portfolio.reserved),
        realisedDollars: realised / DOLLAR_TICKS,
        feesDollars: feesMicroDollars / MICRO_DOLLARS,
        worstDollars: dollarsOf(portfolio.worst),
        openPositions,
        openOrders: portfolio.orders.size,
      };
    },
  };
}
