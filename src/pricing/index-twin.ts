import { Observable, type OperatorFunction } from 'rxjs';
import type { Asset } from '../domain/asset.ts';
import { dollarsOfUnits } from '../domain/contracts.ts';
import type { ContractChanged, IndexValue, PriceDoubt, SpotTop } from '../domain/events/market.ts';
import type { Gap, IndexPrint, VenueEvent } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import { EXCHANGE } from '../domain/venues.ts';
import { follow } from '../operators/follow.ts';
import { printGate } from './print-gate.ts';
import type { PricingSettings } from './settings.ts';
import { settledValueOf } from './settled-value.ts';
import { spotGate } from './spot-gate.ts';
import { type SpotPrice, spotSources } from './spot-sources.ts';
import { weightedMiddle } from './weighted-middle.ts';

/** The index or its twin, the prints that are believed, and what is not believed. */
export type TwinOutput = IndexValue | IndexPrint | PriceDoubt;

/**
 * The index that settles an asset's contracts, or its twin, marked as such. The prints themselves are passed
 * on once they are believed (`printGate`); whatever is built on prints reads these.
 *
 * A print is the index itself, without error. If no print was believed for `staleMicros` by our clock, or
 * none at all, the twin takes over: the weighted middle of the asset's fresh spot venues that agree
 * (`spotGate`), each moved by its own basis, which prints teach, or else settlements. If no venue is fresh, the twin is the newest price
 * of all, if need be the close of the last minute. It keeps the time of that price, and pricing counts
 * variance from there. A gap voids the venue's prices. Only changes are emitted.
 */
export function indexTwin(
  settings: PricingSettings['twin'],
  asset: Pick<Asset, 'name' | 'spot' | 'indexId' | 'series'>,
): OperatorFunction<VenueEvent | SpotTop | ContractChanged | Gap, TwinOutput> {
  const { agree } = settings;
  const errorVariance = (settings.errorBasisPoints / 10_000) ** 2;
  const learnWithin = agree.basisPoints / 10_000;
  return (source) =>
    new Observable((subscriber) => {
      const spots = spotSources(settings, asset);
      const prints = printGate(settings, asset);
      const venues = spotGate(settings, asset);
      let truth: IndexPrint | undefined;
      let published: IndexValue | undefined;

      const combine = (used: readonly SpotPrice[], receivedAt: Micros): IndexValue => {
        const { log, variance } = weightedMiddle(used, errorVariance);
        return {
          kind: 'index',
          asset: asset.name,
          // The oldest time is used, so that the age is never understated.
          at: Math.min(...used.map(({ at }) => at)),
          receivedAt,
          value: Math.exp(log),
          source: 'twin',
          variance,
        };
      };
      const standIn = (now: Micros): IndexValue | undefined => {
        const fresh = spots.fresh(now, settings.venueFreshMicros);
        const newest = fresh.length === 0 ? spots.newest() : undefined;
        const { kept, doubts } = venues.judge(now, newest ? [newest] : fresh, published);
        for (const doubt of doubts) subscriber.next(doubt);
        return kept.length === 0 ? undefined : combine(kept, now);
      };

      const publish = (value: IndexValue): void => {
        const same =
          published !== undefined &&
          published.source === value.source &&
          published.value === value.value &&
          published.variance === value.variance &&
          (value.at === published.at ||
            (value.source === 'twin' && value.at < published.at + settings.refreshMicros));
        if (same) return;
        published = value;
        subscriber.next(value);
      };

      const believed = (event: IndexPrint): void => {
        subscriber.next(event);
        if (truth !== undefined && event.at < truth.at) return;
        truth = event;
        const { at, receivedAt } = event;
        const value = dollarsOfUnits(event.units, event.decimals);
        if (event.hertz === 1) spots.learn(value, receivedAt, settings.venueFreshMicros, learnWithin);
        publish({ kind: 'index', asset: asset.name, at, receivedAt, value, source: 'prints', variance: 0 });
      };
      const print = (event: IndexPrint): void => {
        if (event.indexId !== asset.indexId || !(event.units > 0 && event.units < 1e15)) return;
        const { receivedAt } = event;
        for (const each of prints.receive(event, spots.fresh(receivedAt, agree.maxAgeMicros)))
          if (each.kind === 'indexPrint') believed(each);
          else subscriber.next(each);
      };

      const priceChanged = (receivedAt: Micros): void => {
        if (prints.holds())
          for (const each of prints.again(receivedAt, spots.fresh(receivedAt, agree.maxAgeMicros)))
            if (each.kind === 'indexPrint') believed(each);
            else subscriber.next(each);
        if (truth !== undefined && receivedAt - truth.receivedAt <= settings.staleMicros) return;
        const value = standIn(receivedAt);
        // A twin of an earlier time than the last print is worth less than the print.
        if (value !== undefined && !(truth !== undefined && value.at <= truth.at)) publish(value);
      };

      const forget = (event: Gap): void => {
        const { venue, cause } = event;
        // A hole in the sequence of the exchange's books does not make the last print wrong.
        if (venue === EXCHANGE && (cause === 'disconnect' || cause === 'session')) {
          truth = undefined;
          prints.reset();
        }
        // What was known before a hole between two sessions does not tell what a price may be after it.
        if (cause === 'session') {
          published = undefined;
          venues.reset();
        }
        spots.forget(event);
      };

      return follow(source, subscriber, {
        next: (event) => {
          switch (event.kind) {
            case 'indexPrint':
              return print(event);
            case 'spotTop':
            case 'spotTrade':
            case 'krakenOhlc':
              if (spots.receive(event)) priceChanged(event.receivedAt);
              return;
            case 'contract':
            case 'contractListed': {
              const settled = settledValueOf(event, asset);
              if (settled) spots.settle(settled, event.receivedAt, learnWithin);
              return;
            }
            case 'gap':
              return forget(event);
          }
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
