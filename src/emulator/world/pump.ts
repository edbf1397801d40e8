import type { Micros } from '../../domain/time.ts';
import type { KalshiEmission } from '../kalshi/public/emission.ts';
import type { KrakenEmission } from '../kraken/emission.ts';
import type { EmulatedVenue } from '../transport/emulated-venue.ts';
import type { WorldStep } from './world.ts';

/** Both venues of a world. */
export interface Venues {
  readonly kraken: EmulatedVenue<KrakenEmission>;
  readonly kalshi: EmulatedVenue<KalshiEmission>;
}

/** Markets as steps. Those of a tape end; those of a generated market do not. */
export interface Steps {
  readonly steps: () => Generator<WorldStep, unknown>;
}

/** Passes the markets' emissions to the venues up to a time, in one order over both. */
export interface Pump {
  readonly until: (now: Micros) => void;
  /** True once a market that ends has no more emissions. */
  readonly ended: () => boolean;
}

interface Due {
  readonly at: Micros;
  readonly publish: () => void;
}

/** Pumps markets into their venues. */
export function pump(world: Steps, { kraken, kalshi }: Venues): Pump {
  const steps = world.steps();
  let due: Due[] = [];
  let head = 0;
  let madeTo: Micros = Number.NEGATIVE_INFINITY;
  let over = false;

  const make = (): void => {
    const next = steps.next();
    if (next.done) {
      over = true;
      return;
    }
    const { to, kraken: first, kalshi: second } = next.value;
    madeTo = to;
    due = due.slice(head);
    head = 0;
    for (const output of first) due.push({ at: output.at, publish: () => kraken.market(output) });
    for (const output of second) due.push({ at: output.at, publish: () => kalshi.market(output) });
    due.sort((a, b) => a.at - b.at);
  };
  const publish = (until: Micros): void => {
    for (let next = due[head]; next && next.at <= until; next = due[++head]) next.publish();
  };
  return {
    until: (now) => {
      // Step by step, so that a market which is far behind costs what its steps cost: what a step says is
      // never before the step's begin.
      while (!over && madeTo <= now) {
        publish(madeTo);
        make();
      }
      publish(now);
      kraken.tick();
      kalshi.tick();
    },
    ended: () => over && head >= due.length,
  };
}
