/** The console's state word by its code, as `state.code` is written. */
export const STATE_WORDS = {
  '0': { text: 'BLIND', color: 'purple' },
  '1': { text: 'HALTED', color: 'red' },
  '2': { text: 'REDUCE', color: 'orange' },
  '3': { text: 'WATCHING', color: 'blue' },
  '4': { text: 'TRADING', color: 'green' },
} as const;
