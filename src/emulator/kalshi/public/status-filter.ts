const matches = (word: string, status: string): boolean => {
  switch (word) {
    case 'unopened':
      return status === 'initialized';
    case 'open':
      return status === 'active';
    case 'paused':
      return status === 'inactive';
    case 'closed':
      return ['closed', 'determined', 'disputed', 'amended'].includes(status);
    case 'settled':
      return status === 'finalized';
    default:
      return false;
  }
};

/**
 * Whether a market's status is one of a `status` filter's words, which are not the words of the objects
 * (docs.kalshi.com, market lifecycle). Several words are joined by commas.
 */
export const statusMatches = (filter: string, status: string): boolean =>
  filter.split(',').some((word) => matches(word, status));
