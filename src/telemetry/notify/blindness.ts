import type { AuditEvent } from '../../domain/events/audit.ts';
import { EXCHANGE } from '../../domain/venues.ts';

/** Whether anything that decisions are made of still comes. */
export interface Blindness {
  /** Takes an event; true if something may have changed. On the hot path: a book costs one comparison. */
  readonly add: (event: AuditEvent) => boolean;
  /** A sentence of what is missing, if all of it is; undefined while something comes. */
  readonly read: () => string | undefined;
}

/** The feeds that decisions need, and whose silence the graph tells for each asset. */
type Watched = 'krakenBook' | 'kalshi' | 'index';

/**
 * Watches the feeds that were heard at least once. The lane is blind when each of them is silent for all
 * assets, or its venue is disconnected. Before anything was heard it is starting, not blind.
 */
export function blindness(assets: number): Blindness {
  const heard: Record<Watched, boolean> = { krakenBook: false, kalshi: false, index: false };
  const silent: Record<Watched, Set<string>> = {
    krakenBook: new Set(),
    kalshi: new Set(),
    index: new Set(),
  };
  let down = false;
  const names = Object.keys(heard) as readonly Watched[];
  const missing = (feed: Watched): boolean =>
    silent[feed].size >= assets || (down && (feed === EXCHANGE || feed === 'index'));
  return {
    add: (event) => {
      switch (event.kind) {
        case 'contractBook':
          if (heard.kalshi) return false;
          heard.kalshi = event.top.live;
          return heard.kalshi;
        case 'krakenBookChecked':
          if (heard.krakenBook) return false;
          heard.krakenBook = event.verdict === 'passed';
          return heard.krakenBook;
        case 'index':
          if (heard.index || event.source !== 'prints') return false;
          heard.index = true;
          return true;
        case 'feedSilence': {
          const feed = names.find((name) => name === event.feed);
          if (!feed) return false;
          if (event.silent) silent[feed].add(event.asset);
          else silent[feed].delete(event.asset);
          return true;
        }
        case 'connection':
          if (event.venue !== EXCHANGE) return false;
          if (event.change === 'closed') down = true;
          else if (event.change === 'opened' || event.change === 'live') down = false;
          return true;
        case 'session':
          for (const feed of names) {
            heard[feed] = false;
            silent[feed].clear();
          }
          down = false;
          return true;
        default:
          return false;
      }
    },
    read: () => {
      const watched = names.filter((feed) => heard[feed]);
      if (watched.length === 0 || !watched.every(missing)) return undefined;
      return `${watched.join(', ')}: all ${down ? 'silent or disconnected' : 'silent'}`;
    },
  };
}
