import { generateKeyPairSync } from 'node:crypto';
import type { Asset } from '../../src/domain/asset.ts';
import { MILLISECOND, type Micros, SECOND } from '../../src/domain/time.ts';
import { type Emulation, emulation } from '../../src/emulator/emulation.ts';
import { type EmulatorSettings, emulatorSettings } from '../../src/emulator/settings.ts';
import type { EmulatedAnswer, EmulatedRequest } from '../../src/emulator/transport/emulated-venue.ts';
import { pump } from '../../src/emulator/world/pump.ts';
import { emulatedWorld } from '../../src/emulator/world/world.ts';
import { type TapeScheduler, tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { BTC } from '../support/assets.ts';

/** The member's keys of every bench. */
export const KEY_PAIR = generateKeyPairSync('ed25519');

/** A client on a bench: all that it was told, as it was told it. */
export interface BenchClient {
  readonly texts: readonly string[];
  readonly ended: () => string | undefined;
  readonly send: (message: unknown) => void;
  /** What was told since the last call, parsed. */
  readonly news: () => readonly Record<string, unknown>[];
  readonly left: () => void;
}

/** Both emulated venues in event time, without a transport. */
export interface Bench {
  readonly clock: TapeScheduler;
  readonly startAt: Micros;
  readonly venues: Emulation;
  /** Lets the market and the venues' timers go on for so long. */
  readonly run: (seconds: number) => void;
  /** A new client; with `faulty`, faults act on what it is told. */
  readonly connect: (venue: 'kraken' | 'kalshi', faulty?: boolean) => BenchClient;
  readonly get: (
    venue: 'kraken' | 'kalshi',
    path: string,
    signed?: boolean,
  ) => { readonly status: number; readonly json: unknown };
  /** Headers of a signed request to Kalshi. */
  readonly signed: (method: string, path: string) => Record<string, string>;
  /** A signed call to Kalshi, with `path` below `/trade-api/v2`. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
  ) => { readonly status: number; readonly json: Readonly<Record<string, unknown>> };
}

/** A request with nothing unusual about it. */
export const request = (path: string, rest: Partial<EmulatedRequest> = {}): EmulatedRequest => ({
  method: 'GET',
  path,
  headers: {},
  body: '',
  ...rest,
});

const STEP_MS = 20;
const lowered = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The emulated world of the settings, as far as it has run. `depth` is the levels a side of Kraken's market. */
export function bench({
  depth = 25,
  rateLimited = false,
  assets = [BTC],
  ...settings
}: Partial<Omit<EmulatorSettings, 'krakenDepth'>> & {
  readonly depth?: number;
  readonly rateLimited?: boolean;
  readonly assets?: readonly Asset[];
} = {}): Bench {
  const emulator = {
    ...emulatorSettings.parse({ historyMinutes: 20, strikes: 2, ...settings }),
    // Deeper than any setting allows, so that views are really cut.
    krakenDepth: depth as 25,
  };
  const world = emulatedWorld(emulator, assets);
  const { startAt } = world;
  const clock = tapeScheduler(startAt);
  const wallMillis = (): number => clock.at / MILLISECOND;
  const venues = emulation({
    clock,
    times: { now: () => clock.at, wallMillis },
    settings: emulator,
    assets,
    history: world.history,
    marketDepth: depth,
    faults: [],
    rateLimited,
    keyPair: KEY_PAIR,
  });
  const { until } = pump(world, venues);
  until(startAt);
  const signer = kalshiSigner(
    { kind: 'key', keyId: venues.keyId, type: 'ed25519', privateKey: KEY_PAIR.privateKey },
    wallMillis,
  );
  const signed = (method: string, path: string): Record<string, string> =>
    lowered(signer.headers(method, path));
  const sign = (path: string): Record<string, string> => signed('GET', path);

  return {
    clock,
    startAt,
    venues,
    run: (seconds) => {
      const end = clock.at + seconds * SECOND;
      while (clock.at < end) {
        clock.runTo(Math.min(end, clock.at + STEP_MS * MILLISECOND));
        until(clock.at);
      }
    },
    connect: (venue, faulty = false) => {
      const texts: string[] = [];
      let why: string | undefined;
      let read = 0;
      const caller = {
        say: (text: string) => {
          texts.push(text);
        },
        end: (code: number, reason: string) => {
          why = `${code} ${reason}`;
        },
      };
      const pipe = faulty ? venues.faults.socket(venue, caller) : caller;
      const path = venue === 'kraken' ? '/v2' : '/trade-api/ws/v2';
      const peer = venues[venue].upgrade(
        request(path, { headers: venue === 'kalshi' ? sign(path) : {} }),
        pipe,
      );
      if (peer.kind === 'answer') throw new Error(`the bench was refused: ${peer.body}`);
      return {
        texts,
        ended: () => why,
        send: (message) => peer.hear(typeof message === 'string' ? message : JSON.stringify(message)),
        news: () => {
          const from = read;
          read = texts.length;
          return texts.slice(from).map((text) => JSON.parse(text) as Record<string, unknown>);
        },
        left: peer.left,
      };
    },
    signed,
    call: (method, below, body) => {
      const path = `/trade-api/v2${below}`;
      const { status, body: text } = venues.kalshi.http(
        request(path, {
          method,
          headers: signed(method, path),
          body: body === undefined ? '' : JSON.stringify(body),
        }),
      );
      return { status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    },
    get: (venue, path, signed = false) => {
      const { status, body }: EmulatedAnswer = venues[venue].http(
        request(path, { headers: signed ? sign(path) : {} }),
      );
      return { status, json: JSON.parse(body) as unknown };
    },
  };
}
