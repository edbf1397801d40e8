/**
 * Every venue, once. `spot` venues quote the coin itself; the `exchange` lists the binary contracts. A new venue is one row here, and a compile
 * error wherever it is not answered yet.
 */
export const VENUES = {
  kraken: { role: 'spot' },
  coinbase: { role: 'spot' },
  kalshi: { role: 'exchange' },
} as const;

/** A venue's name, as it stands on tapes, in events and in settings. */
export type Venue = keyof typeof VENUES;

/** A venue that quotes the coin itself. */
export type SpotVenue = {
  [V in Venue]: (typeof VENUES)[V]['role'] extends 'spot' ? V : never;
}[Venue];

/** All venues, in the order of `VENUES`. */
export const venueNames = Object.keys(VENUES) as readonly Venue[];

/** All spot venues, in the order of `VENUES`. */
export const spotVenueNames = venueNames.filter((venue): venue is SpotVenue => VENUES[venue].role === 'spot');
