import { expect } from '@jest/globals';
import { Subject } from 'rxjs';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { EdgeClock } from '../../../src/transport/edge-clock.ts';
import type { Feed, FeedCommand, FeedFrame, Resync } from '../../../src/transport/feed.ts';
import { kalshiFeed } from '../../../src/venues/kalshi/feed.ts';
import { kalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { kalshiSettings } from '../../../src/venues/kalshi/settings.ts';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { onSeries } from '../../support/assets.ts';
import {
  type FakeCommand,
  type FakeMarket,
  type FakeVenue,
  type FakeVenueOptions,
  fakeVenue,
  tickersOf,
} from './fake-venue.ts';
import { ed25519Key } from './keys.ts';

const settings = kalshiSettings.parse({
  restUrl: 'http://kalshi.test/trade-api/v2',
  wsUrl: 'ws://kalshi.test/trade-api/ws/v2',
});
export const MINUTE_MS = 60_000;
/** Two contracts that are open from the start. */
export const A: FakeMarket = { ticker: 'KXBTC15M-A', openMs: 0, closeMs: 15 * MINUTE_MS };
export const B: FakeMarket = { ticker: 'KXBTC15M-B', openMs: 0, closeMs: 30 * MINUTE_MS };

/** The feed on a venue, signed with the sample key. */
export const feedOf = (venue: FakeVenue, clock: EdgeClock): Feed => {
  const signer = kalshiSigner(ed25519Key, () => clock.now());
  const random = (): number => 0;
  const rest = kalshiRest({ http: venue.http, clock, random, signer }, settings);
  return kalshiFeed(
    { dial: venue.dial, rest, signer, clock, stamp: () => Math.round(clock.now() * MILLISECOND), random },
    settings,
    [onSeries('KXBTC15M')],
  );
};

/** A command in one line: what it does to which channel or sid, and with which markets. */
export const line = (command: FakeCommand): string => {
  const { cmd, params } = command;
  const about =
    cmd === 'subscribe'
      ? `subscribe ${String(params['channels'])}`
      : `${String(params['action'])} ${String(params['sids'])}`;
  return [about, ...tickersOf(command)].join(' ').replaceAll('KXBTC15M-', '');
};

/** A session under way on a clock of its own, from time zero. */
export function session(options: Partial<FakeVenueOptions> = {}) {
  const clock = tapeScheduler(0);
  const venue = fakeVenue({ clock, markets: [A, B], ...options });
  const command$ = new Subject<FeedCommand>();
  const frames: FeedFrame[] = [];
  const running = feedOf(venue, clock)(command$).subscribe((frame) => frames.push(frame));
  let told = 0;
  let sent = 0;
  return {
    clock,
    venue,
    frames,
    running,
    run: (seconds: number): void => {
      clock.runTo(clock.at + seconds * SECOND);
    },
    resync: (cause: Resync['cause'], scope: string): void =>
      command$.next({ kind: 'resync', venue: 'kalshi', cause, scope }),
    /** Connection frames since the last time. */
    told: (): readonly string[] => {
      const lines = frames
        .slice(told)
        .flatMap((frame) => (frame.kind === 'connection' ? `${frame.change}: ${frame.detail}` : []));
      told = frames.length;
      return lines;
    },
    /** Commands since the last time. */
    sent: (): readonly string[] => {
      const lines = venue.commands.slice(sent).map(line);
      sent = venue.commands.length;
      return lines;
    },
    resources: (): readonly string[] =>
      venue.sent.map(({ resource }) => resource.replace('/trade-api/v2', '').split('?')[0] ?? ''),
  };
}

/** A session that is live, with what it said until then put aside. */
export function liveSession(options: Partial<FakeVenueOptions> = {}) {
  const running = session(options);
  running.run(1);
  expect(running.told().at(-1)).toBe('live: 2 books');
  running.sent();
  return running;
}
/** Of the books' subscription. */
export const SID = 3;
/** A venue that does not answer an action. */
export const mute = (action: string) => (command: FakeCommand, usual: () => readonly object[]) =>
  command.params['action'] === action ? [] : usual();
