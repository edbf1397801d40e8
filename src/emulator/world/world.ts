import type { Asset } from '../../domain/asset.ts';
import type { AssetBars } from '../../domain/frame.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import { type EmulatedAsset, emulatedAssets } from '../emulated-asset.ts';
import type { KalshiEmission } from '../kalshi/public/emission.ts';
import { kalshiListings } from '../kalshi/public/listings.ts';
import { kalshiMarket } from '../kalshi/public/market.ts';
import { krakenHeartbeat, krakenOpening } from '../kraken/connection.ts';
import type { KrakenEmission } from '../kraken/emission.ts';
import { krakenMarket } from '../kraken/market.ts';
import type { EmulatorSettings } from '../settings.ts';
import { atOnce } from './at-once.ts';
import { byTime } from './by-time.ts';
import { randomOf } from './random.ts';
import { type WarmStart, warming } from './warm-start.ts';

/** The emissions of both markets in one step, each in order of time over all assets. */
export interface WorldStep {
  /** End of the step; the first one only opens the markets and ends where the session starts. */
  readonly to: Micros;
  readonly kraken: readonly KrakenEmission[];
  readonly kalshi: readonly KalshiEmission[];
}

/** Closed one-minute bars of one asset, which has a name. */
export interface AssetHistory extends AssetBars {
  readonly asset: string;
}

/** Both markets over the assets' indices, without texts and sockets. */
export interface World {
  readonly startAt: Micros;
  /** Closed minutes before the start, by asset. */
  readonly history: readonly AssetHistory[];
  /** The endless steps from the start on; each is made on demand. */
  readonly steps: () => Generator<WorldStep, never>;
}

const STEP = 100 * MILLISECOND;

/** Warm-up bars with the names of their assets. */
export const historyOf = (
  assets: readonly EmulatedAsset[],
  starts: readonly WarmStart[],
): readonly AssetHistory[] => assets.map(({ name }, i) => ({ asset: name, bars: starts[i]?.bars ?? [] }));

function openMarkets(settings: EmulatorSettings, asset: EmulatedAsset, { process, prints, bars }: WarmStart) {
  const random = randomOf(asset.seed);
  const { expectedVariance } = process;
  return {
    process,
    bars,
    kraken: asset.pair && krakenMarket(asset.pair, asset.minuteVolume, settings, random.split('kraken')),
    kalshi: kalshiMarket(asset, settings, random.split('kalshi'), { prints, expectedVariance }),
  };
}

/**
 * The emulated world of the settings: the same settings and assets give the same steps. The first asset's
 * prices and markets do not depend on the others. `steps` may be called once. It pauses often while it makes
 * the time before the start, for a caller that has other work in between.
 */
export function* makingWorld(
  settings: EmulatorSettings,
  assets: readonly Asset[],
): Generator<undefined, World> {
  const emulated = emulatedAssets(settings, assets);
  const starts = yield* warming(settings, emulated);
  const startAt = Date.parse(settings.startAt) * MILLISECOND;
  return {
    startAt,
    history: historyOf(emulated, starts),
    *steps() {
      const markets = emulated.map((asset, i) => openMarkets(settings, asset, starts[i] as WarmStart));
      const { subscribed, merged } = kalshiListings(settings.fiveHertz);
      yield {
        to: startAt,
        kraken: byTime([
          ...krakenOpening(startAt),
          ...markets.flatMap(
            ({ kraken, process, bars }) => kraken?.open(startAt, process.logPrice(), bars) ?? [],
          ),
        ]),
        kalshi: [
          ...subscribed(startAt),
          ...merged(markets.map(({ kalshi, process }) => kalshi.open(startAt, process.logPrice()))),
        ],
      };
      for (let from = startAt; ; from += STEP) {
        const to = from + STEP;
        const steps = markets.map(({ process }) => {
          const logFrom = process.logPrice();
          const activity = process.activity(from);
          process.advance(from, STEP);
          return { from, to, logFrom, logTo: process.logPrice(), activity };
        });
        const stepOf = (i: number) => steps[i] as (typeof steps)[number];
        yield {
          to,
          kraken: byTime([
            ...markets.flatMap(({ kraken }, i) => kraken?.step(stepOf(i)) ?? []),
            ...krakenHeartbeat(from, to),
          ]),
          kalshi: merged(markets.map(({ kalshi }, i) => kalshi.step(stepOf(i)))),
        };
      }
    },
  };
}

/** The same in one go. */
export const emulatedWorld = (settings: EmulatorSettings, assets: readonly Asset[]): World =>
  atOnce(makingWorld(settings, assets));
