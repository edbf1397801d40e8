import type { Settings } from '../../src/config/settings.ts';
import type { Contract } from '../../src/domain/contracts.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import type { ContractChanged } from '../../src/domain/events/market.ts';
import type { Order } from '../../src/domain/events/order.ts';
import { toldBooks } from '../support/told-books.ts';

interface Held {
  position: number;
  /** Dollars that the open part cost, at the average of what was bought. */
  paid: number;
}

interface OpenOrder {
  readonly order: Order;
  remaining: number;
}

const { abs, max, min } = Math;

const dollars = (ticks: number): number => ticks / 10_000;
const costOf = (side: 'bid' | 'ask', limitTicks: number, count: number): number =>
  ((side === 'bid' ? dollars(limitTicks) : 1 - dollars(limitTicks)) * count) / 100;

/** Kalshi's quadratic fee of taking, in dollars, before any rounding. */
const feeOf = (limitTicks: number, count: number): number =>
  (0.07 * dollars(limitTicks) * (1 - dollars(limitTicks)) * count) / 100;

const endsYes = (
  { strikeType, floorUnits = Number.NaN, capUnits = Number.NaN }: Contract,
  cents: number,
): boolean => {
  switch (strikeType) {
    case 'greater':
      return cents > floorUnits;
    case 'greater_or_equal':
      return cents >= floorUnits;
    case 'less':
      return cents < capUnits;
    case 'less_or_equal':
      return cents <= capUnits;
    case 'between':
      return cents >= floorUnits && cents <= capUnits;
  }
};

/**
 * The account and the limits once more, from the events alone and by other means than the portfolio and the checks: every approved decision is held
 * against all that can be recomputed, and every account told against what it must be. `faults` are sentences; sound runs have none.
 */
export function shadowAccount({ risk, execution }: Settings) {
  const faults: string[] = [];
  const held = new Map<string, Held>();
  const open = new Map<string, OpenOrder>();
  const contracts = new Map<string, ContractChanged>();
  const books = toldBooks();
  const orderTimes: number[] = [];
  const lastOrderAt = new Map<string, number>();
  let cash = execution.desk.startingDollars;
  let realised = 0;
  let fees = 0;
  let halted = false;
  let approved = 0;

  /** Worst result of one close by trying a value around every strike, each open order filling or not as is worse. */
  const worstOf = (
    closeAt: number,
    added: { order: Pick<Order, 'ticker' | 'side' | 'limitTicks'>; remaining: number },
  ): number => {
    const orders = [...open.values(), added];
    const tickers = new Set([...held.keys(), ...orders.map(({ order }) => order.ticker)]);
    const here = [...tickers].flatMap((ticker) => {
      const contract = contracts.get(ticker)?.contract;
      return contract?.closeAt === closeAt ? [contract] : [];
    });
    const strikes = here.flatMap(({ floorUnits, capUnits }) => [floorUnits ?? 0, capUnits ?? 0]);
    const values = strikes.flatMap((cents) => [cents - 1, cents, cents + 1]);
    return min(
      ...values.map((cents) => {
        let total = 0;
        for (const contract of here) {
          const yes = endsYes(contract, cents);
          const { position = 0, paid = 0 } = held.get(contract.ticker) ?? {};
          total += (yes ? max(0, position) : max(0, -position)) / 100 - paid;
          for (const { order, remaining } of orders) {
            if (order.ticker !== contract.ticker) continue;
            const won = yes === (order.side === 'bid') ? remaining / 100 : 0;
            const lost = costOf(order.side, order.limitTicks, remaining) + feeOf(order.limitTicks, remaining);
            total += min(0, won - lost);
          }
        }
        return total;
      }),
    );
  };

  const judge = (decision: Decision): void => {
    approved++;
    const { ticker, at, proposal } = decision;
    const { side, limitTicks, count } = proposal;
    const probability = proposal.probability ?? Number.NaN;
    const feeDollars = proposal.feeDollars ?? Number.NaN;
    const sound = (claim: string, holds: boolean): void => {
      if (!holds) faults.push(`decision ${decision.id} on ${ticker}: ${claim}`);
    };
    const known = contracts.get(ticker);
    const book = books.get(ticker);
    if (!known || !book) {
      faults.push(`decision ${decision.id} on ${ticker}: no contract or no book`);
      return;
    }
    const { contract, state } = known;
    const { live, bidTicks = Number.NaN, askTicks = Number.NaN } = book.top;
    sound('not halted', !halted);
    sound('live and not crossed', live && !(bidTicks >= askTicks));
    sound('active and open', state === 'active' && contract.openAt <= at);
    sound(
      'time to close',
      contract.closeAt - at >= risk.toCloseMinMicros && contract.closeAt - at <= risk.toCloseMaxMicros,
    );
    sound('takes the best price', limitTicks === (side === 'bid' ? askTicks : bidTicks));
    sound('spread', askTicks - bidTicks <= risk.spreadMaxTicks);
    sound(
      'depth',
      book.countAt(side === 'bid' ? 'ask' : 'bid', limitTicks) >=
        max(risk.touchMinCount, risk.touchMinShare * count),
    );
    sound(
      'on the grid',
      contract.tickBands.some(
        (band) =>
          limitTicks >= band.startTicks &&
          limitTicks <= band.endTicks &&
          (limitTicks - band.startTicks) % band.stepTicks === 0,
      ),
    );
    sound('price band', limitTicks >= risk.priceMinTicks && limitTicks <= risk.priceMaxTicks);
    sound(
      'collars',
      abs(limitTicks - 10_000 * probability) <= risk.fairCollarTicks &&
        abs(limitTicks - (bidTicks + askTicks) / 2) <= risk.midCollarTicks,
    );
    sound('size', Number.isInteger(count) && count > 0 && count <= risk.orderMaxCount);

    const fee = feeOf(limitTicks, count);
    const told = (feeDollars * count) / 100;
    sound('fee exact but for rounding up', told >= fee - 1e-9 && told <= fee + 0.0101);
    const gain = side === 'bid' ? probability - dollars(limitTicks) : dollars(limitTicks) - probability;
    sound('edge', gain - fee / (count / 100) >= risk.edgeMinDollars - 1e-9);

    const mine = [...open.values()].filter(({ order }) => order.ticker === ticker && order.side === side);
    const toward = (side === 'bid' ? 1 : -1) * (held.get(ticker)?.position ?? 0);
    sound(
      'position',
      toward + mine.reduce((sum, { remaining }) => sum + remaining, 0) + count <= risk.positionMaxCount,
    );
    sound('no second order of its side', mine.length === 0);
    sound('orders open', open.size + 1 <= risk.ordersOpenMax);
    sound(
      'order rate',
      orderTimes.filter((time) => time > at - risk.orderRateSpanMicros).length + 1 <= risk.orderRateMax,
    );
    sound('cooldown', at - (lastOrderAt.get(ticker) ?? Number.NEGATIVE_INFINITY) >= risk.orderCooldownMicros);

    const reserved = [...open.values()].reduce(
      (sum, { order, remaining }) =>
        sum + costOf(order.side, order.limitTicks, remaining) + feeOf(order.limitTicks, remaining),
      0,
    );
    sound(
      'collateral',
      cash - reserved - costOf(side, limitTicks, count) - fee >= risk.cashMinDollars - 1e-9,
    );

    const added = { order: proposal, remaining: count };
    const closes = new Set(
      [...held.keys(), ...[...open.values()].map(({ order }) => order.ticker), ticker].flatMap(
        (name) => contracts.get(name)?.contract.closeAt ?? [],
      ),
    );
    let worstOfAll = 0;
    for (const closeAt of closes) {
      const worst = worstOf(closeAt, added);
      if (closeAt === contract.closeAt) sound('loss of the close', -worst <= risk.closeLossMaxDollars + 0.01);
      worstOfAll += worst;
    }
    sound('loss of all closes', -worstOfAll <= risk.totalLossMaxDollars + 0.01);
    sound('loss of the day', -(realised + min(0, worstOfAll)) <= risk.dayLossMaxDollars + 0.01);
  };

  const look = (event: AuditEvent): void => {
    switch (event.kind) {
      case 'contract':
        contracts.set(event.contract.ticker, event);
        return;
      case 'contractBook':
        books.add(event);
        return;
      case 'command':
        halted = event.command === 'halt';
        return;
      case 'decision':
        if (event.verdict === 'approved') judge(event);
        return;
      case 'orderSent':
        open.set(event.order.clientOrderId, { order: event.order, remaining: event.order.count });
        orderTimes.push(event.at);
        lastOrderAt.set(event.order.ticker, event.at);
        return;
      case 'fill': {
        const order = open.get(event.clientOrderId);
        if (order) order.remaining -= event.count;
        const paid = costOf(event.side, event.priceTicks, event.count) + event.fee / 1_000_000;
        if (abs(-event.cash / 10_000 - paid) > 0.0001 * (1 + 1e-6))
          faults.push(`fill ${event.fillId}: cash must be −${paid}, was ${event.cash / 10_000}`);
        const lot = held.get(event.ticker) ?? { position: 0, paid: 0 };
        const bought = event.side === 'bid' ? event.count : -event.count;
        const closing = lot.position * bought < 0 ? min(abs(lot.position), event.count) : 0;
        const released = closing > 0 ? (lot.paid * closing) / abs(lot.position) : 0;
        const opening = (paid * (event.count - closing)) / event.count;
        held.set(event.ticker, { position: lot.position + bought, paid: lot.paid - released + opening });
        // A pair of YES and NO is a dollar.
        cash += event.cash / 10_000 + closing / 100;
        fees += event.fee / 1_000_000;
        return;
      }
      case 'orderDone':
      case 'orderRejected':
        open.delete(event.clientOrderId);
        return;
      case 'settlement': {
        const lot = held.get(event.ticker);
        if ((lot?.position ?? 0) !== event.position)
          faults.push(
            `settlement of ${event.ticker}: position must be ${lot?.position ?? 0}, was ${event.position}`,
          );
        const payout = (event.result === 'yes' ? max(0, event.position) : max(0, -event.position)) / 100;
        cash += payout;
        realised += event.pnl / 10_000;
        held.delete(event.ticker);
        return;
      }
      case 'account':
        if (abs(event.cashDollars - cash) > 1e-6)
          faults.push(`account at ${event.at}: cash must be ${cash}, was ${event.cashDollars}`);
        if (abs(event.feesDollars - fees) > 1e-6)
          faults.push(`account at ${event.at}: fees must be ${fees}, was ${event.feesDollars}`);
        return;
      default:
        return;
    }
  };
  return {
    look,
    faults,
    end: () => ({
      approved,
      cash,
      realised,
      fees,
      held: [...held.values()].filter(({ position }) => position !== 0).length,
    }),
  };
}
