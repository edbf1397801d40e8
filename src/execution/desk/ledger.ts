import type { Contract } from '../../domain/contracts.ts';
import type { AccountAdopted, AccountChanged, Difference } from '../../domain/events/account.ts';
import type { GatewayEvent, Order, Settlement } from '../../domain/events/order.ts';
import type { CarriedFrame } from '../../domain/frame.ts';
import { type Cash, cash, DOLLAR_TICKS, dollarsOf, MICRO_DOLLARS } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { type Adoption, adopt } from '../../portfolio/adopt.ts';
import { applyContract } from '../../portfolio/apply-contract.ts';
import { applyGateway } from '../../portfolio/apply-gateway.ts';
import { applyOrder } from '../../portfolio/apply-order.ts';
import { differenceOf, isRepeated } from '../../portfolio/difference-of.ts';
import { resolved, WHOLE_ACCOUNT, withDifference } from '../../portfolio/differences.ts';
import { emptyPortfolio, type OpenOrder, type Portfolio } from '../../portfolio/portfolio.ts';
import { dayOf } from '../../portfolio/realise.ts';
import { type SentOrder, sentOrders } from '../../portfolio/sent-orders.ts';
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
  /** Brings in what earlier runs of the account left; nothing is traded before `adopt` follows. */
  readonly carried: (frame: CarriedFrame) => void;
  /** Takes over numbers of the venue, and returns the account that results. */
  readonly adopt: (adoption: Adoption, at: Micros) => AccountAdopted;
  /** Counts a difference on a contract, or on the whole account. */
  readonly differs: (scope: string) => void;
  /** Forgets the differences on a contract or the account, because the operator has resolved them. */
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

/** Orders that are not ours and were told; beyond it each is told again. */
const MOST_STRANGERS = 10_000;

/**
 * Whether a state of an order says nothing new: a list of the venue repeats what was booked, and an answer
 * that does not come, or is a server error, may be later than the end of its order on the socket.
 */
const isOld = (event: GatewayEvent, known: SentOrder | undefined, open: OpenOrder | undefined): boolean => {
  switch (event.kind) {
    case 'orderDone':
      return known?.ended === true && event.filled === known.filled;
    case 'orderResting':
      return open?.state === 'resting' && event.remaining === open.remaining;
    case 'orderUnknown':
      return known !== undefined && (known.ended || open === undefined);
    default:
      return false;
  }
};

/** Opens a ledger with `startingDollars` in cash. */
export function ledger(startingDollars: number): Ledger {
  let portfolio = emptyPortfolio(cash(Math.round(startingDollars * DOLLAR_TICKS)));
  const sent = sentOrders();
  /** Ids of earlier runs; undefined where no venue lists our orders. */
  let earlier: ReadonlySet<string> | undefined;
  const strangers = new Set<string>();
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
      // What became of an earlier run's order is part of what was adopted.
      if (!known && earlier?.has(clientOrderId)) return REPEATED;
      if (isOld(event, known, portfolio.orders.get(clientOrderId))) return REPEATED;
      if (!known && earlier) {
        // The venue lists a stranger's order again and again; it is told once.
        if (strangers.has(clientOrderId)) return REPEATED;
        if (strangers.size < MOST_STRANGERS) strangers.add(clientOrderId);
      }
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
    carried: ({ at, dayPnl, orderIds }) => {
      earlier = new Set(orderIds);
      portfolio = withDifference(
        { ...portfolio, realisedByDay: new Map([[dayOf(at), dayPnl]]) },
        WHOLE_ACCOUNT,
      );
    },
    adopt: (adoption, at) => {
      portfolio = adopt(portfolio, adoption);
      return {
        kind: 'adopted',
        at,
        cash: portfolio.cash,
        positions: [...portfolio.holdings.values()]
          .filter(({ position }) => position !== 0)
          .map(({ ticker, position, paid }) => ({ ticker, position, paid })),
      };
    },
    differs: (scope) => {
      portfolio = withDifference(portfolio, scope);
    },
    resolved: (ticker) => {
      portfolio = resolved(portfolio, ticker);
    },
    account: (at) => {
      let openPositions = 0;
      let paid = 0;
      for (const holding of portfolio.holdings.values()) {
        if (holding.position !== 0) openPositions++;
        paid += holding.paid;
      }
      return {
        kind: 'account',
        at,
        cashDollars: dollarsOf(portfolio.cash),
        reservedDollars: dollarsOf(portfolio.reserved),
        realisedDollars: realised / DOLLAR_TICKS,
        feesDollars: feesMicroDollars / MICRO_DOLLARS,
        dayDollars: (portfolio.realisedByDay.get(dayOf(at)) ?? 0) / DOLLAR_TICKS,
        equityDollars: (portfolio.cash + paid) / DOLLAR_TICKS,
        worstDollars: dollarsOf(portfolio.worst),
        openPositions,
        openOrders: portfolio.orders.size,
      };
    },
  };
}
