import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { overrides } from '../../src/config/environment.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { ADAPTERS, openSpotFeeds, spotAddresses, spotCodecs } from '../../src/config/venues.ts';
import { spotVenueNames } from '../../src/domain/venues.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { handDial } from '../support/hand-dial.ts';
import { handHttp } from '../support/hand-http.ts';

const written = (spot: Readonly<Record<string, string>>) => ({
  name: 'BTC',
  spot,
  series: { range: 'KXBTC' },
  indexId: 'BRTI',
  indexDecimals: 2,
});
const problem = (spot: Readonly<Record<string, string>>): string | undefined =>
  settingsSchema.safeParse({ assets: [written(spot)] }).error?.issues[0]?.message;

/** How many feeds are open for assets with these symbols, and where each dials. */
function dialled(
  assets: readonly Readonly<Record<string, string>>[],
  settings: unknown = {},
): readonly string[] {
  const clock = tapeScheduler(1_790_000_000_000_000);
  const { dial, sockets } = handDial();
  const { http } = handHttp(clock, () => ({ kind: 'failed', why: 'no REST here', arrived: false }));
  const ports = { dial, http, clock, stamp: () => clock.at, random: () => 0 };
  const feeds = openSpotFeeds(
    ports,
    settingsSchema.parse(settings),
    assets.map((spot) => ({ spot })),
  );
  for (const feed of feeds) feed(new Subject()).subscribe().unsubscribe();
  return sockets.map(({ request }) => request.url);
}

describe('the table of spot venues', () => {
  test.each(spotVenueNames)(
    '%s stands under its own name and has its own key of the configuration',
    (venue) => {
      expect(ADAPTERS[venue].venue).toBe(venue);
      expect(settingsSchema.parse({})[venue]).toEqual(ADAPTERS[venue].settings.parse({}));
      expect(settingsSchema.safeParse({ [venue]: { nonsense: 1 } }).success).toBe(false);
    },
  );

  test.each(spotVenueNames)('an asset’s symbol at %s is held to its spelling, in a sentence', (venue) => {
    expect(problem({ [venue]: ' no symbol ' })).toBe(ADAPTERS[venue].symbol.error);
    expect(ADAPTERS[venue].symbol.error).toMatch(/^must be /);
  });

  test.each([
    ['kraken', 'XBT/USD'],
    ['kraken', 'XBTUSD'],
    ['coinbase', 'BTC/USD'],
  ])('%s spells no symbol %s', (venue, symbol) => {
    expect(problem({ [venue]: symbol })).toMatch(/^must be spelt as/);
  });

  test('a venue that nobody knows is refused', () => {
    expect(problem({ bitfoo: 'BTC' })).toMatch('bitfoo');
  });

  test.each(spotVenueNames)(
    'whatever %s sends, its codec gives events of that venue alone and never throws',
    (venue) => {
      const codec = spotCodecs(settingsSchema.parse({}))[venue];
      const texts = fc.oneof(
        fc.string(),
        fc.json(),
        fc.object().map((each) => JSON.stringify(each)),
      );
      fc.assert(
        fc.property(texts, fc.webPath(), (text, resource) => {
          for (const event of [...codec.wire(text, 7), ...codec.rest(resource, text, 7)])
            if ('venue' in event) expect(event.venue).toBe(venue);
        }),
      );
    },
  );

  test('a feed is opened where an asset names the venue and the settings ask for it, once for all assets', () => {
    const enabled = {
      coinbase: { enabled: true, wsUrl: 'wss://coinbase.test' },
      kraken: { wsUrl: 'wss://kraken.test' },
    };
    const both = { kraken: 'BTC/USD', coinbase: 'BTC-USD' };
    expect(dialled([both], { ...enabled, coinbase: {} })).toEqual(['wss://kraken.test']);
    expect(dialled([both, { kraken: 'ETH/USD', coinbase: 'ETH-USD' }], enabled)).toEqual([
      'wss://kraken.test',
      'wss://coinbase.test',
    ]);
    expect(dialled([{ coinbase: 'BTC-USD' }], enabled)).toEqual(['wss://coinbase.test']);
    expect(dialled([{}], enabled)).toEqual([]);
  });

  test('every address of a spot venue can be set from the environment', () => {
    const set = overrides.filter(({ path }) => path[1]?.endsWith('Url') && path[0] !== 'kalshi');
    expect(set.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['VOLTAGE_KRAKEN_WS_URL', 'VOLTAGE_KRAKEN_REST_URL', 'VOLTAGE_COINBASE_WS_URL']),
    );
    expect(set.map(({ path }) => path)).toEqual(spotAddresses.map((path) => [...path]));
  });
});
