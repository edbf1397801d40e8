import type { Act } from '../../src/console/state.ts';

/** What an act is called, what it does, and what its button says. */
export const ACTS: Readonly<
  Record<
    Act,
    { readonly title: string; readonly does: string; readonly button: string; readonly grave: boolean }
  >
> = {
  halt: {
    title: 'Halt',
    does: 'No order leaves any more, and all orders are cancelled. Positions stay.',
    button: 'Halt now',
    grave: true,
  },
  resume: {
    title: 'Resume',
    does: 'The lane may send orders again, or says why it may not.',
    button: 'Resume',
    grave: false,
  },
  cancelAll: {
    title: 'Cancel all',
    does: 'All open orders are cancelled. The lane goes on and may send new ones.',
    button: 'Cancel all orders',
    grave: true,
  },
  flatten: {
    title: 'Flatten',
    does: 'Positions are closed as far as the books let it. It pays the spread and fees.',
    button: 'Flatten',
    grave: true,
  },
  cap: {
    title: 'Lower a limit',
    does: 'The limit is lowered at once. It cannot be raised from here.',
    button: 'Lower it',
    grave: false,
  },
};
