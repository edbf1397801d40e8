import { MILLISECOND, type Micros } from '../../../domain/time.ts';
import { byTime } from '../../world/by-time.ts';
import { KALSHI_CHANNELS, type KalshiEmission } from './emission.ts';

/** One subscriber's connection over the markets of all assets. */
export interface KalshiListings {
  /** The first emissions of the connection. */
  readonly subscribed: (at: Micros) => readonly KalshiEmission[];
  /**
   * The emissions of all assets' markets, in order of time. Each asset acknowledges its own markets; the
   * connection acknowledges those of all.
   */
  readonly merged: (byAsset: readonly (readonly KalshiEmission[])[]) => readonly KalshiEmission[];
}

/** A connection that subscribes to every channel; to the fast index only if `fiveHertz`. */
export function kalshiListings(fiveHertz: boolean): KalshiListings {
  /** Tickers that are subscribed to, by asset. */
  const lists: (readonly string[])[] = [];
  const merge = (emission: KalshiEmission, asset: number): KalshiEmission => {
    const before = lists[asset] ?? [];
    // The first markets of a connection are not acknowledged; their snapshots show that they are followed.
    if (emission.kind === 'snapshot' && !before.includes(emission.contract.ticker))
      lists[asset] = [...before, emission.contract.ticker];
    if (emission.kind !== 'ok') return emission;
    lists[asset] = emission.tickers;
    return { ...emission, tickers: lists.flat() };
  };
  return {
    subscribed: (at) =>
      KALSHI_CHANNELS.filter((channel) => channel !== 'cfbenchmarks_value_5hz' || fiveHertz).map(
        (channel) => ({ kind: 'subscribed', at: at - MILLISECOND, channel }),
      ),
    merged: (byAsset) => {
      const owners = new Map(
        byAsset.flatMap((output, asset) => output.map((each) => [each, asset] as const)),
      );
      return byTime([...owners.keys()]).map((each) => merge(each, owners.get(each) ?? 0));
    },
  };
}
