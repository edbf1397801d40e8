import type { Contract } from '../../domain/contracts.ts';
import type { AccountChanged, Difference } from '../../domain/events/account.ts';
import type { GatewayEvent, Order, Settlement } from '../../domain/events/order.ts';
import { type Cash, cash, DOLLAR_TICKS, dollarsOf, MICRO_DOLLARS } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { applyContract } from '../../portfolio/apply-contract.ts';
import { applyGateway } from '../../portfolio/apply-gateway.ts';
import { applyOrder } from '../../portfolio/apply-order.ts';
import { differenceOf, isRepeated } from '../../portfolio/difference-of.ts';
import { resolved, withDifference } from '../../portfolio/differences.ts';
import { emptyPortfolio, type Portfolio } from '../../portfolio/portfolio.ts';
import { sentOrders } from '../../portfolio/sent-orders.ts';
import { type Outcome, settle } from '../../portfolio/settle.ts';

/** The desk's accounts: the present portfolio, and the fees and profit since the run began. */
export interface Ledger {
  /** The portfolio now. Later entries do not change the returned value. */
  readonly portfolio: () => Portfolio;
  readonly terms: (contract: Contract) => void;
  /** Books an order that is about to be sent; `feeBound` is the most that it may cost in fees. */
  readonly sent: (order: Order, contract: Contract, feeBound: Cash) => void;
  /**
   * Books an answer of the gateway, unless it cannot be. A fill that was booked before is not entered and no
   * difference.
   */
  readonly answered: (event: GatewayEvent) => Answered;
  /**
   * Books the result of a contract; no settlement if it was booked before. A result that contradicts the
   * booked one corrects it, since the venue pays by it, and is a difference as well. Another settlement value
   * with the same result is a difference only.
   */
  readonly settled: (outcome: Outcome) => {
    readonly settlement: Settlement | undefined;
    readonly difference: Difference | undefined;
  };
  /** Forgets the differences on a contract, because the operator has resolved them. */
  readonly resolved: (ticker: string) => void;
  /** The account as it is published for the operator. */
  readonly account: (at: Micros) => AccountChanged;
}

/** What became of an answer of the gateway in the books. */
export interface Answered {
  readonly entered: boolean;
  readonly difference: Difference | undefined;
}

const ENTERED: Answered = { entered: true, difference: undefined };
const REPEATED: Answered = { entered: false, difference: undefined };

/** Opens a ledger with `startingDollars` in cash. */
export function ledger(startingDollars: number): Ledger {
  let portfolio = emptyPortfolio(cash(Math.round(startingDollars * DOLLAR_TICKS)));
  const sent = sentOrders();
  let feesMicroDollars = 0;
  let realised = 0;
  return {
    portfolio: () => portfolio,
    terms: (contract) => {
      portfolio = applyContract(portfolio, contract);
    },
    sent: (order, contract, feeBound) => {
      portfolio = applyOrder(portfolio, order, contract, feeBound);
      sent.add(order, contract);
    },
    answered: (event) => {
      const { clientOrderId, ticker, at } = event;
      const known = sent.get(clientOrderId);
      if (event.kind === 'fill' && isRepeated(known, event)) return REPEATED;
      const settled = portfolio.settled.has(ticker);
      const wrong = differenceOf(known, settled, event);
      const entered = wrong?.entered ?? true;
      if (wrong) portfolio = withDifference(portfolio, ticker);
      if (entered) {
        portfolio = applyGateway(portfolio, event);
        if (event.kind === 'fill') {
          // A fill of an order that has ended brings no terms with it.
          if (known?.ended) portfolio = applyContract(portfolio, known.contract);
          sent.filled(event);
          feesMicroDollars += event.fee;
        } else if (event.kind === 'orderDone' || event.kind === 'orderRejected') sent.ended(clientOrderId);
      } else if (event.kind === 'fill' && settled)
        portfolio = { ...portfolio, lateFills: portfolio.lateFills + 1 };
      if (!wrong) return ENTERED;
      const about = event.kind === 'fill' ? 'fill' : 'order';
      return { entered, difference: { kind: 'difference', at, ticker, clientOrderId, about, ...wrong } };
    },
    settled: (outcome) => {
      const { ticker, at, result, source, valueUnits } = outcome;
      const booked = portfolio.settled.get(ticker);
      const { portfolio: after, settlement } = settle(portfolio, outcome);
      portfolio = after;
      realised += settlement?.pnl ?? 0;
      const another = valueUnits !== undefined && (booked?.valueUnits ?? valueUnits) !== valueUnits;
      if (!booked || (booked.result === result && !another)) return { settlement, difference: undefined };
      portfolio = withDifference(portfolio, ticker);
      const was = `${booked.result}${booked.valueUnits === undefined ? '' : ` at ${booked.valueUnits}`}`;
      const is = `${result}${valueUnits === undefined ? '' : ` at ${valueUnits}`}`;
      const difference: Difference = {
        kind: 'difference',
        at,
        ticker,
        clientOrderId: undefined,
        about: 'settlement',
        entered: settlement !== undefined,
        why: `${ticker} settled ${is} by ${source}, but ${was} was booked before`,
      };
      return { settlement, difference };
    },
    resolved: (ticker) => {
      portfolio = resolved(portfolio, ticker);
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
