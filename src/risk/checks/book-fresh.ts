import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** This book has moved lately, in microseconds: quotes that nobody tends are no prices. */
export const bookFresh: Check = ({ now, bookReceivedAt, limits }) =>
  atMost('bookFresh', now - bookReceivedAt, limits.bookMaxAgeMicros);
