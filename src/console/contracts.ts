import { dollarsOfUnits } from '../domain/contracts.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { ContractBookChanged, ContractChanged } from '../domain/events/market.ts';
import type { Settlement } from '../domain/events/order.ts';
import { DOLLAR_TICKS, dollarsOf } from '../domain/money.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { bestLevels } from './best-levels.ts';
import { decisionNumbers, decisionView } from './decision-view.ts';
import type { ContractView, DecisionNumbers, DecisionView } from './state.ts';
import type { Draw } from './store.ts';

/** What the console knows of one contract. Its levels are the whole book, price in ticks and displayed count. */
export interface ContractSlot {
  readonly ticker: string;
  /** The terms; undefined until they came. Without terms a contract is not shown. */
  readonly terms: ContractChanged | undefined;
  readonly live: boolean;
  readonly bidTicks: number | undefined;
  readonly askTicks: number | undefined;
  readonly decision: Decision | undefined;
  readonly result: 'yes' | 'no' | undefined;
}

interface Slot extends ContractSlot {
  terms: ContractChanged | undefined;
  live: boolean;
  bidTicks: number | undefined;
  askTicks: number | undefined;
  bidCount: number;
  askCount: number;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  decision: Decision | undefined;
  /** The decision's view, made once: a book changes a hundred times as often. */
  shown: DecisionNumbers | undefined;
  result: 'yes' | 'no' | undefined;
  pnlDollars: number | null;
  settledAt: Micros | undefined;
  /** Whether anything was ever quoted, decided or held: what is only listed is not shown. */
  seen: boolean;
  dirty: boolean;
}

/** All contracts that are open or closed a few minutes ago. */
export interface Contracts {
  /** On the hot path: a change of a book costs two look-ups and allocates nothing. */
  readonly book: (event: ContractBookChanged) => void;
  readonly terms: (event: ContractChanged) => void;
  readonly decided: (decision: Decision) => void;
  readonly settled: (event: Settlement, at: Micros) => void;
  /** The position of a contract has changed. */
  readonly held: (ticker: string) => void;
  readonly get: (ticker: string) => ContractSlot | undefined;
  /** A contract's last decision by its number. */
  readonly decision: (id: number) => DecisionView | undefined;
  readonly all: () => Iterable<ContractSlot>;
  /** Middle of a live book in ticks; undefined where a side is empty. */
  readonly middleOf: (ticker: string) => number | undefined;
  /** Forgets what has closed; to be called about once a minute. */
  readonly sweep: (at: Micros) => void;
  readonly draw: (to: Draw) => void;
}

/** Levels of a side that a page shows. */
const LEVELS = 10;
/** How long a contract is shown after it has settled, and after its close where no result came. */
const AFTER_SETTLEMENT = 5 * MINUTE;
const AFTER_CLOSE = 15 * MINUTE;
/** More than a venue lists of our series at once. */
const MOST = 1_000;

const emptySlot = (ticker: string): Slot => ({
  ticker,
  terms: undefined,
  live: false,
  bidTicks: undefined,
  askTicks: undefined,
  bidCount: 0,
  askCount: 0,
  bids: new Map(),
  asks: new Map(),
  decision: undefined,
  shown: undefined,
  result: undefined,
  pnlDollars: null,
  settledAt: undefined,
  seen: false,
  dirty: false,
});

const load = (side: Map<number, number>, alternating: readonly number[]): void => {
  side.clear();
  for (let i = 0; i + 1 < alternating.length; i += 2)
    side.set(alternating[i] as number, alternating[i + 1] as number);
};

const viewOf = (slot: Slot, terms: ContractChanged, position: number): ContractView => {
  const { contract, state } = terms;
  const dollars = (units: number | undefined): number | null =>
    units === undefined ? null : dollarsOfUnits(units, contract.indexDecimals);
  const { decision } = slot;
  slot.shown ??= decision && decisionNumbers(decision);
  const inTicks = (share: number | null | undefined): number | null =>
    share === null || share === undefined ? null : share * DOLLAR_TICKS;
  return {
    ticker: slot.ticker,
    asset: contract.asset,
    series: contract.series,
    closeAt: contract.closeAt,
    openAt: contract.openAt,
    strikeType: contract.strikeType,
    floorDollars: dollars(contract.floorUnits),
    capDollars: dollars(contract.capUnits),
    state,
    live: slot.live,
    bidTicks: slot.bidTicks ?? null,
    askTicks: slot.askTicks ?? null,
    bidCount: slot.bidCount,
    askCount: slot.askCount,
    bids: bestLevels(slot.bids, 'bid', LEVELS),
    asks: bestLevels(slot.asks, 'ask', LEVELS),
    fairTicks: inTicks(decision?.proposal.probability),
    fairErrorTicks: inTicks(decision?.proposal.probabilityError),
    position,
    decision: slot.shown ?? null,
    result: slot.result ?? null,
    pnlDollars: slot.pnlDollars,
  };
};

/**
 * Keeps the contracts with their books. A contract leaves some minutes after it has settled, later if it
 * never did, and not while it is held; the number of all is bounded. `positionOf` tells what is held, in 0.01
 * contracts.
 */
export function contracts(positionOf: (ticker: string) => number): Contracts {
  const slots = new Map<string, Slot>();
  let dirty: Slot[] = [];
  let gone: string[] = [];
  let last: Slot | undefined;

  const touch = (slot: Slot): void => {
    if (slot.dirty) return;
    slot.dirty = true;
    dirty.push(slot);
  };
  const forget = (slot: Slot): void => {
    slots.delete(slot.ticker);
    if (last === slot) last = undefined;
    // A dirty slot that has gone must not be drawn again.
    slot.terms = undefined;
    gone.push(slot.ticker);
  };
  const closeOf = ({ terms }: Slot): Micros => terms?.contract.closeAt ?? 0;
  const makeRoom = (): void => {
    const idle = [...slots.values()].filter(({ ticker }) => positionOf(ticker) === 0);
    idle.sort((a, b) => Number(a.seen) - Number(b.seen) || closeOf(a) - closeOf(b));
    for (const slot of idle.slice(0, slots.size - MOST + MOST / 10)) forget(slot);
  };
  const slotOf = (ticker: string): Slot => {
    if (last?.ticker === ticker) return last;
    let slot = slots.get(ticker);
    if (!slot) {
      if (slots.size >= MOST) makeRoom();
      slot = emptySlot(ticker);
      slots.set(ticker, slot);
    }
    last = slot;
    return slot;
  };

  return {
    book: ({ ticker, top, change }) => {
      const slot = slotOf(ticker);
      switch (change.kind) {
        case 'delta': {
          const side = change.side === 'bid' ? slot.bids : slot.asks;
          const count = (side.get(change.priceTicks) ?? 0) + change.change;
          if (count > 0) side.set(change.priceTicks, count);
          else side.delete(change.priceTicks);
          break;
        }
        case 'snapshot':
          load(slot.bids, change.bids);
          load(slot.asks, change.asks);
          break;
        case 'void':
          slot.bids.clear();
          slot.asks.clear();
          break;
      }
      slot.live = top.live;
      slot.bidTicks = top.bidTicks;
      slot.askTicks = top.askTicks;
      slot.bidCount = top.bidCount;
      slot.askCount = top.askCount;
      slot.seen = true;
      touch(slot);
    },
    terms: (event) => {
      const slot = slotOf(event.contract.ticker);
      slot.terms = event;
      slot.result = event.result ?? slot.result;
      touch(slot);
    },
    decided: (decision) => {
      const slot = slotOf(decision.ticker);
      slot.decision = decision;
      slot.shown = undefined;
      slot.seen = true;
      touch(slot);
    },
    settled: ({ ticker, result, position, pnl }, at) => {
      const slot = slots.get(ticker);
      if (!slot) return;
      slot.result = result;
      slot.settledAt ??= at;
      if (position !== 0 || pnl !== 0) slot.pnlDollars = (slot.pnlDollars ?? 0) + dollarsOf(pnl);
      touch(slot);
    },
    held: (ticker) => {
      const slot = slotOf(ticker);
      slot.seen = true;
      touch(slot);
    },
    get: (ticker) => slots.get(ticker),
    decision: (id) => {
      for (const { decision } of slots.values()) if (decision?.id === id) return decisionView(decision);
      return undefined;
    },
    all: () => slots.values(),
    middleOf: (ticker) => {
      const { live, bidTicks, askTicks } = slots.get(ticker) ?? {};
      return live && bidTicks !== undefined && askTicks !== undefined ? (bidTicks + askTicks) / 2 : undefined;
    },
    sweep: (at) => {
      for (const slot of slots.values()) {
        if (positionOf(slot.ticker) !== 0 || !slot.terms) continue;
        const until =
          slot.settledAt === undefined ? closeOf(slot) + AFTER_CLOSE : slot.settledAt + AFTER_SETTLEMENT;
        if (until < at) forget(slot);
      }
    },
    draw: (to) => {
      for (const ticker of gone) to.entry('contracts', ticker, null);
      gone = [];
      for (const slot of dirty) {
        slot.dirty = false;
        if (slot.seen && slot.terms)
          to.entry('contracts', slot.ticker, viewOf(slot, slot.terms, positionOf(slot.ticker)));
      }
      dirty = [];
    },
  };
}
