import { z } from 'zod';
import type { Asset } from '../domain/asset.ts';
import { perSpotVenue, type SpotVenue, spotVenueNames } from '../domain/venues.ts';
import type { VenueCodec } from '../operators/decode.ts';
import type { Feed } from '../transport/feed.ts';
import type { MarkReader } from '../transport/frame-mark.ts';
import type { SpotAdapter, SpotPorts } from '../transport/spot-adapter.ts';
import { coinbaseAdapter } from '../venues/coinbase/adapter.ts';
import { krakenAdapter } from '../venues/kraken/adapter.ts';

/**
 * The one table of spot venues. Settings, the spelling of symbols, codecs and feeds are all taken from here.
 */
const TABLE = {
  kraken: krakenAdapter,
  coinbase: coinbaseAdapter,
} as const satisfies { readonly [V in SpotVenue]: unknown };

type Table = typeof TABLE;

/** Settings of every spot venue, by its name. */
export type SpotSettings = { readonly [V in SpotVenue]: z.output<Table[V]['settings']> };

/** The adapters of all spot venues. */
export const ADAPTERS: { readonly [V in SpotVenue]: SpotAdapter<SpotSettings[V]> } = TABLE;

/** A key of the configuration for each spot venue. */
export const spotSettingsShape = perSpotVenue((venue) =>
  (TABLE[venue].settings as z.ZodObject).prefault({}),
) as unknown as {
  readonly [V in SpotVenue]: z.ZodPrefault<Table[V]['settings']>;
};

/** An asset's symbols, each checked against its venue's spelling. */
export const spotSymbols = z.strictObject(
  perSpotVenue((venue) => {
    const { pattern, error } = ADAPTERS[venue].symbol;
    return z.string().regex(pattern, { error }).optional().describe(`The pair at ${venue}; it ${error}.`);
  }),
);

const isAddress = (key: string): boolean => key.endsWith('Url');

/** Every address among the spot venues' settings: the venue and its key. */
export const spotAddresses: readonly (readonly [venue: SpotVenue, key: string])[] = spotVenueNames.flatMap(
  (venue) =>
    Object.keys(ADAPTERS[venue].settings.shape)
      .filter(isAddress)
      .map((key) => [venue, key] as const),
);

/** A fresh codec of every spot venue. */
export const spotCodecs = (settings: SpotSettings): Readonly<Record<SpotVenue, VenueCodec>> =>
  perSpotVenue((venue) => ADAPTERS[venue].codec(settings[venue]));

/** A fresh reader of marks of every spot venue. */
export const spotMarks = (): Readonly<Record<SpotVenue, MarkReader>> =>
  perSpotVenue((venue) => ADAPTERS[venue].marks());

/** The feeds of all spot venues that are enabled and quote an asset, each with the symbols of all assets. */
export const openSpotFeeds = (
  ports: SpotPorts,
  settings: SpotSettings,
  assets: readonly Pick<Asset, 'spot'>[],
): readonly Feed[] => {
  const open = <V extends SpotVenue>(venue: V): readonly Feed[] => {
    const adapter = ADAPTERS[venue];
    const symbols = assets.flatMap(({ spot }) => spot[venue] ?? []);
    return symbols.length > 0 && adapter.enabled(settings[venue])
      ? [adapter.open(ports, settings[venue], [...new Set(symbols)])]
      : [];
  };
  return spotVenueNames.flatMap((venue) => open(venue));
};
