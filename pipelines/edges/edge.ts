import { discreetDial } from '../../src/transport/discreet-dial.ts';
import { discreetHttp } from '../../src/transport/discreet-http.ts';
import { fetchHttp } from '../../src/transport/fetch-http.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';
import { wsDial } from '../../src/transport/ws-dial.ts';
import type { Edge } from './open-feeds.ts';

/** Real time and real sockets, none of which repeats the secrets that it was sent. */
export function liveEdge(): Edge {
  const clock = wallClock();
  return {
    clock,
    stamp: () => clock.at,
    wallMillis: Date.now,
    dial: discreetDial(wsDial()),
    http: discreetHttp(fetchHttp()),
    random: Math.random,
  };
}
