/** Order flow at the best prices of one book. */
export interface OrderFlow {
  /** Takes the top that a message left, in ticks. */
  readonly top: (
    bidTicks: number,
    askTicks: number,
    bidQuantityTicks: number,
    askQuantityTicks: number,
    quantityScale: number,
  ) => void;
  readonly void: () => void;
  readonly begin: () => void;
  /** Net flow since `begin`, in base units. */
  readonly sum: () => number;
}

/**
 * Order-flow imbalance (Cont, Kukanov, Stoikov 2014, "The Price Impact of Order Book Events", J. Financial
 * Econometrics 12(1), eq. 4): from one top to the next, +q if the bid is at least as high as before, −q of
 * the top before if it is at most as high, and the asks likewise with the other sign. Quantities are added in
 * whole ticks, so that the sum is exact. The first top after `void` has no predecessor and adds nothing.
 */
export function orderFlow(): OrderFlow {
  const before = { bid: Number.NaN, ask: Number.NaN, bidQuantity: Number.NaN, askQuantity: Number.NaN };
  const state = { ticks: 0, scale: 1 };
  return {
    top: (bid, ask, bidQuantity, askQuantity, quantityScale) => {
      // Comparison with NaN is false: without a top before, nothing is added.
      if (bid >= before.bid) state.ticks += bidQuantity;
      if (bid <= before.bid) state.ticks -= before.bidQuantity;
      if (ask <= before.ask) state.ticks -= askQuantity;
      if (ask >= before.ask) state.ticks += before.askQuantity;
      before.bid = bid;
      before.ask = ask;
      before.bidQuantity = bidQuantity;
      before.askQuantity = askQuantity;
      state.scale = quantityScale;
    },
    void: () => {
      before.bid = Number.NaN;
      before.ask = Number.NaN;
    },
    begin: () => {
      state.ticks = 0;
    },
    sum: () => state.ticks / state.scale,
  };
}
