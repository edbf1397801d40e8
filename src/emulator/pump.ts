import type { Micros } from '../domain/time.ts';
import type { KalshiEmission } from './kalshi-emission.ts';
import type { KrakenEmission } from './kraken-emission.ts';
import type { EmulatedVenue } from './venue.ts';
import type { WorldStep } from './world.ts';

/** Both venues of a world. */
export interface Venues {
  readonly kraken: EmulatedVenue<KrakenEmission>;
  readonly kalshi: EmulatedVenue<KalshiEmission>;
}

/** Markets as steps; a tape's end, a generated market's do not. */
export interface Steps {
  readonly steps: () => Generator<WorldStep, unknown>;
}

/** Tells venues what their markets say up to a time, in order over both. */
export interface Pump {
  readonly until: (now: Micros) => void;
  /** True once markets that have an end have said everything. */
  readonly ended: () => boolean;
}

interface Due {
  readonly at: Micros;
  readonly tell: () => void;
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
    for (const said of first) due.push({ at: said.at, tell: () => kraken.market(said) });
    for (const said of second) due.push({ at: said.at, tell: () => kalshi.market(said) });
    due.sort((a, b) => a.at - b.at);
  };
  return {
    until: (now) => {
      while (!over && madeTo <= now) make();
      for (let next = due[head]; next && next.at <= now; next = due[++head]) next.tell();
      kraken.tick();
      kalshi.tick();
    },
    ended: () => over && head >= due.length,
  };
}
