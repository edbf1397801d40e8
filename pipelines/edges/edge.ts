import { fetchHttp } from '../../src/transport/fetch-http.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';
import { wsDial } from '../../src/transport/ws-dial.ts';
import type { Edge } from './open-feeds.ts';

/** Real time and real sockets. */
export function liveEdge(): Edge {
  const clock = wallClock();
  return {
    clock,
    stamp: () => clock.at,
    wallMillis: Date.now,
    dial: wsDial(),
    http: fetchHttp(),
    random: Math.random,
  };
}
