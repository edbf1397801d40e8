import type { Rejected } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';

const EXCERPT_CHARACTERS = 200;
const WHY_CHARACTERS = 300;

/** The start of a venue's words, so that no log and no summary holds more of them. */
export const shortened = (words: string, characters = WHY_CHARACTERS): string =>
  words.length <= characters ? words : `${words.slice(0, characters - 1)}…`;

/** A text of a venue that was not read, and why. Both the reason and the excerpt are bounded. */
export const rejectedFrame = (venue: Venue, text: string, receivedAt: Micros, why: string): Rejected => ({
  kind: 'rejected',
  at: receivedAt,
  receivedAt,
  venue,
  why: shortened(why),
  excerpt: text.slice(0, EXCERPT_CHARACTERS),
});
