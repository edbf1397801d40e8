import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** This book has changed recently. Quotes that nobody updates are not prices. In microseconds. */
export const bookFresh: Check = ({ now, bookReceivedAt, limits }) =>
  atMost('bookFresh', now - bookReceivedAt, limits.bookMaxAgeMicros);
