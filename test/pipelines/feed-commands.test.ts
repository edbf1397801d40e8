import { describe, expect, test } from '@jest/globals';
import { feedCommand } from '../../pipelines/edges/feed-commands.ts';
import type { Gap } from '../../src/domain/events/venue.ts';
import { venueNames } from '../../src/domain/venues.ts';
import { sampleEvents } from '../telemetry/samples.ts';

const AT = 1_778_504_400_000_000;
const MISSING = { firstId: 101, lastId: 104, sinceAt: AT - 1_000_000 };
const VENUES = venueNames;

const gap = (fields: Pick<Gap, 'venue' | 'cause'> & Partial<Gap>): Gap => ({
  kind: 'gap',
  at: AT,
  receivedAt: AT,
  scope: 'BTC/USD',
  detail: 'why',
  ...fields,
});

describe('feedCommand', () => {
  test.each(['checksum', 'sequence', 'negativeLevel'] as const)(
    'state that broke (%s) is asked for anew, of its own venue and within its own scope',
    (cause) => {
      expect(VENUES.map((venue) => feedCommand(gap({ venue, cause, scope: `${venue} scope` })))).toEqual(
        VENUES.map((venue) => ({ kind: 'resync', venue, cause, scope: `${venue} scope` })),
      );
    },
  );

  test('trades of a spot venue that were missed are fetched, exactly those', () => {
    expect(feedCommand(gap({ venue: 'kraken', cause: 'tradeId', missing: MISSING }))).toEqual({
      kind: 'backfill',
      venue: 'kraken',
      symbol: 'BTC/USD',
      firstId: 101,
      lastId: 104,
      sinceAt: AT - 1_000_000,
    });
  });

  test('a hole that does not say which trades are missing asks for nothing, nor does one of the exchange', () => {
    expect(feedCommand(gap({ venue: 'kraken', cause: 'tradeId' }))).toBeUndefined();
    expect(feedCommand(gap({ venue: 'kalshi', cause: 'tradeId', missing: MISSING }))).toBeUndefined();
  });

  test.each(['session', 'disconnect'] as const)(
    'a %s asks for nothing: the feed knows that it is not connected',
    (cause) => {
      for (const venue of VENUES)
        expect(feedCommand(gap({ venue, cause, missing: MISSING }))).toBeUndefined();
    },
  );

  test('a hole that is filled asks for nothing more', () => {
    for (const cause of ['checksum', 'sequence', 'tradeId'] as const)
      expect(
        feedCommand({
          kind: 'recovered',
          at: AT,
          receivedAt: AT,
          venue: 'kraken',
          cause,
          scope: 'BTC/USD',
          detail: 'fetched',
        }),
      ).toBeUndefined();
  });

  test('whatever else the graph says asks for nothing', () => {
    const others = sampleEvents(AT).filter(({ kind }) => kind !== 'gap');
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter((event) => feedCommand(event) !== undefined)).toEqual([]);
  });
});
