import type { Contract } from '../../domain/contracts.ts';
import type { ContractBookChanged, ContractChanged, IndexValue } from '../../domain/events/market.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';

/** The top of one contract's book; NaN where it is not known or a side is empty. */
interface Slot {
  contract: Contract;
  active: boolean;
  /** False until a book has been received; a contract that is listed but not subscribed to has none. */
  seen: boolean;
  bidTicks: number;
  askTicks: number;
  bidCount: number;
  askCount: number;
}

/** The contract nearest the money. */
export interface NearMoney {
  readonly closeAt: Micros;
  /**
   * The contract pays if the settlement value is above this, or below it if `above` is false. In units of the
   * index.
   */
  readonly thresholdUnits: number;
  readonly above: boolean;
  /** Mid of the book as a probability; NaN unless the best bid is below the best ask. */
  readonly mid: number;
  /** Displayed counts at the best prices; NaN where the book is void. */
  readonly bidCount: number;
  readonly askCount: number;
}

/** Contracts and the tops of their books. */
export interface ContractBoard {
  readonly terms: (event: ContractChanged) => void;
  readonly quote: (event: ContractBookChanged) => void;
  /** Voids every book; terms stay. */
  readonly void: () => void;
  readonly clear: () => void;
  /**
   * Of the contracts that close next after `at` and have a book, the one whose single strike is nearest the
   * index; undefined if no strike of that close is known, or the index is not. Drops contracts that have
   * closed.
   */
  readonly nearest: (index: IndexValue | undefined, at: Micros) => NearMoney | undefined;
}

/** V ≥ K means V above K − ½ unit, and V > K means V above K + ½, because V is a whole number of units. */
function thresholdOf({ strikeType, floorUnits, capUnits }: Contract): number {
  switch (strikeType) {
    case 'greater':
      return (floorUnits ?? Number.NaN) + 0.5;
    case 'greater_or_equal':
      return (floorUnits ?? Number.NaN) - 0.5;
    case 'less':
      return (capUnits ?? Number.NaN) - 0.5;
    case 'less_or_equal':
      return (capUnits ?? Number.NaN) + 0.5;
    case 'between':
      return Number.NaN;
  }
}

const isAbove = ({ strikeType }: Contract): boolean =>
  strikeType === 'greater' || strikeType === 'greater_or_equal';

function voidSlot(slot: Slot): void {
  slot.bidTicks = Number.NaN;
  slot.askTicks = Number.NaN;
  slot.bidCount = Number.NaN;
  slot.askCount = Number.NaN;
}

/**
 * Keeps the last state of the books, one slot for each contract. A book event allocates nothing. Books of
 * contracts with unknown terms are ignored.
 */
export function contractBoard(unitsPerDollar: number): ContractBoard {
  const slots = new Map<string, Slot>();
  return {
    terms: ({ contract, state }) => {
      const active = state === 'active';
      const slot = slots.get(contract.ticker);
      if (slot) {
        slot.contract = contract;
        slot.active = active;
        return;
      }
      const fresh = { contract, active, seen: false, bidTicks: 0, askTicks: 0, bidCount: 0, askCount: 0 };
      voidSlot(fresh);
      slots.set(contract.ticker, fresh);
    },
    quote: ({ ticker, top }) => {
      const slot = slots.get(ticker);
      if (!slot) return;
      slot.seen = true;
      if (!top.live) {
        voidSlot(slot);
        return;
      }
      slot.bidTicks = top.bidTicks ?? Number.NaN;
      slot.askTicks = top.askTicks ?? Number.NaN;
      slot.bidCount = top.bidCount;
      slot.askCount = top.askCount;
    },
    void: () => slots.forEach(voidSlot),
    clear: () => slots.clear(),
    nearest: (index, at) => {
      let closeAt = Number.POSITIVE_INFINITY;
      for (const [ticker, { contract, active, seen }] of slots)
        if (contract.closeAt <= at) slots.delete(ticker);
        else if (active && seen && contract.openAt <= at && contract.closeAt < closeAt)
          closeAt = contract.closeAt;
      if (!index) return undefined;
      let near: Slot | undefined;
      let least = Number.POSITIVE_INFINITY;
      for (const slot of slots.values()) {
        if (!slot.active || !slot.seen || slot.contract.closeAt !== closeAt) continue;
        const distance = Math.abs(Math.log((index.value * unitsPerDollar) / thresholdOf(slot.contract)));
        if (!(distance < least)) continue;
        least = distance;
        near = slot;
      }
      if (!near) return undefined;
      const { contract, bidTicks, askTicks, bidCount, askCount } = near;
      return {
        closeAt,
        thresholdUnits: thresholdOf(contract),
        above: isAbove(contract),
        mid: bidTicks < askTicks ? (bidTicks + askTicks) / 2 / DOLLAR_TICKS : Number.NaN,
        bidCount,
        askCount,
      };
    },
  };
}
