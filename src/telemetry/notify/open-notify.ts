import type { Audited } from '../../domain/events/audit.ts';
import { fetchHttp } from '../../transport/fetch-http.ts';
import { type After, wallAfter } from '../timers.ts';
import { troubles } from '../troubles.ts';
import { type NoticesOptions, notices } from './notices.ts';
import { type NotifyStats, notifier } from './notifier.ts';
import type { NotifySettings } from './settings.ts';
import { notifyTarget } from './target.ts';

/** Messages to a person about one lane. */
export interface Notify {
  readonly tap: (audited: Audited) => void;
  /** Sends what waits, for a bounded time. */
  readonly close: () => Promise<void>;
  readonly stats: () => NotifyStats;
}

/** What they are opened with. */
export interface NotifyOptions extends Omit<NoticesOptions, 'settings'> {
  readonly url: string;
  readonly settings: NotifySettings;
  readonly onTrouble: (why: string) => void;
  readonly after?: After;
}

/** An answer is read for its status alone. */
const MOST_ANSWER = 100_000;

/** Opens the messages to the webhook at `url`. Throws one sentence for an address that cannot be used. */
export function openNotify({ url, settings, onTrouble, after = wallAfter, ...lane }: NotifyOptions): Notify {
  const target = notifyTarget(url, settings);
  const told = troubles(onTrouble);
  const { tell, close, stats } = notifier({
    target,
    settings,
    http: fetchHttp({ mostBytes: MOST_ANSWER }),
    after,
    onTrouble: told.add,
  });
  const { add } = notices({ ...lane, settings }, tell);
  return {
    tap: ({ event }) => add(event),
    close: async () => {
      await close();
      told.end();
    },
    stats,
  };
}
