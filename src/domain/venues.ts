/**
 * Every venue, once. `spot` venues quote the coin itself; the `exchange` lists the binary contracts. A new
 * venue is one row here. The compiler then reports every place that does not handle it yet.
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

/** A venue that lists the contracts. */
export type ExchangeVenue = Exclude<Venue, SpotVenue>;

/** The venue that lists the contracts and publishes the prints of their index. */
export const EXCHANGE = 'kalshi' as const satisfies Venue;

/** The spot venue whose minutes, book and trades the features are made of. */
export const FEATURE_VENUE = 'kraken' as const satisfies SpotVenue;

/** All venues, in the order of `VENUES`. */
export const venueNames = Object.keys(VENUES) as readonly Venue[];

/** All exchanges, in the order of `VENUES`. */
export const exchangeVenueNames = venueNames.filter(
  (venue): venue is ExchangeVenue => VENUES[venue].role === 'exchange',
);

/** True for a venue that quotes the coin itself. */
export function isSpotVenue(venue: Venue): venue is SpotVenue {
  return VENUES[venue].role === 'spot';
}

/** All spot venues, in the order of `VENUES`. */
export const spotVenueNames = venueNames.filter(isSpotVenue);

/** Calls `of` for each spot venue and collects the results by name. */
export const perSpotVenue = <T>(of: <V extends SpotVenue>(venue: V) => T): Record<SpotVenue, T> =>
  Object.fromEntries(spotVenueNames.map((venue) => [venue, of(venue)])) as Record<SpotVenue, T>;

/** Calls `of` for each venue and collects the results by name. */
export const perVenue = <T>(of: (venue: Venue) => T): Record<Venue, T> =>
  Object.fromEntries(venueNames.map((venue) => [venue, of(venue)])) as Record<Venue, T>;
