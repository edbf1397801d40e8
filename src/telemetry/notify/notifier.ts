import { firstValueFrom } from 'rxjs';
import { printable } from '../../domain/printable.ts';
import type { Http, HttpAnswer } from '../../transport/http.ts';
import { redactor } from '../../transport/redactor.ts';
import { withoutSecrets } from '../../transport/without-secrets.ts';
import type { After } from '../timers.ts';
import type { Notice } from './notice.ts';
import { requestOf } from './request-of.ts';
import type { NotifySettings } from './settings.ts';
import type { NotifyTarget } from './target.ts';

/** Counts since the notifier was opened. */
export interface NotifyStats {
  readonly written: number;
  /** Shed because the queue was full, given up after the last retry, or left over at the end. */
  readonly dropped: number;
  /** Refused by the service for good. */
  readonly refused: number;
  /** Not sent, because the same was told lately, or because a newer one took its place. */
  readonly repeated: number;
  readonly queued: number;
  readonly retries: number;
}

/** A destination of notices. */
export interface Notifier {
  /** Takes a notice and returns at once. */
  readonly tell: (notice: Notice) => void;
  readonly stats: () => NotifyStats;
  /** Sends what waits, for at most `closeMillis`. */
  readonly close: () => Promise<void>;
}

/** The parts of a notifier. */
export interface NotifierOptions {
  readonly target: NotifyTarget;
  readonly settings: NotifySettings;
  readonly http: Http;
  readonly after: After;
  /** Told of what could not be sent; without the webhook's address. */
  readonly onTrouble: (why: string) => void;
}

const HOUR_MILLIS = 3_600_000;
const MOST_TOPICS = 500;
const MOST_TEXT = 1_000;
const MOST_TITLE = 120;
const OK = 200;
const REDIRECTED = 300;
const SERVER_ERROR = 500;

/**
 * Sends notices one after another, not more often than the settings say. A notice that waits is replaced by a
 * newer one of its topic, and one whose state was told lately is left out, so a feed that comes and goes
 * fills no pocket. Only an error of the network or of the server is tried again. No text that leaves holds
 * the webhook's address or anything in the shape of a key.
 */
export function notifier({ target, settings, http, after, onTrouble }: NotifierOptions): Notifier {
  const { pathname, search } = new URL(target.url);
  const hide = redactor([
    target.url,
    pathname,
    search,
    ...pathname.split('/').filter((part) => part.length >= 8),
  ]);
  const clean = (text: string, most: number): string => printable(withoutSecrets(hide(text)), most);

  let waiting: Notice[] = [];
  const told = new Map<string, { readonly state: string; readonly forget: () => void }>();
  /** Notices that must last before they are told, by topic. */
  const held = new Map<string, () => void>();
  const alarms = new Set<() => void>();
  let sending = false;
  let rested = true;
  let ofHour = 0;
  let state: 'open' | 'closing' | 'closed' = 'open';
  let written = 0;
  let dropped = 0;
  let refused = 0;
  let repeated = 0;
  let retries = 0;
  let endPause = (): void => {};
  let drained = (): void => {};

  const alarm = (millis: number, run: () => void): (() => void) => {
    const cancel = after(millis, () => {
      alarms.delete(cancel);
      run();
    });
    alarms.add(cancel);
    return () => {
      alarms.delete(cancel);
      cancel();
    };
  };
  const pause = (millis: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = alarm(millis, resolve);
      endPause = () => {
        cancel();
        resolve();
      };
    });
  const remember = ({ topic, state: now }: Notice): void => {
    told.get(topic)?.forget();
    told.delete(topic);
    if (told.size >= MOST_TOPICS) {
      const [oldest, entry] = told.entries().next().value as [string, { forget: () => void }];
      entry.forget();
      told.delete(oldest);
    }
    const forget = alarm(settings.repeatMinutes * 60_000, () => told.delete(topic));
    told.set(topic, { state: now, forget });
  };
  const unlearn = ({ topic, state: was }: Notice): void => {
    const known = told.get(topic);
    if (known?.state !== was) return;
    known.forget();
    told.delete(topic);
  };
  const outcomeOf = (answer: HttpAnswer): 'done' | 'refused' | 'failed' => {
    if (answer.kind === 'failed') return 'failed';
    if (answer.status >= OK && answer.status < REDIRECTED) return 'done';
    return answer.status >= SERVER_ERROR ? 'failed' : 'refused';
  };
  const reasonOf = (answer: HttpAnswer): string =>
    answer.kind === 'failed' ? clean(answer.why, MOST_TITLE) : `HTTP ${answer.status}`;

  const isClosed = (): boolean => state === 'closed';
  /** Sends it, again and again if need be; false if it did not arrive. */
  const send = async (notice: Notice): Promise<boolean> => {
    const { title, text } = notice;
    const message = { ...notice, title: clean(title, MOST_TITLE), text: clean(text, MOST_TEXT) };
    const request = requestOf(target, message, settings.requestMillis);
    for (let tries = 0; ; tries++) {
      const answer = await firstValueFrom(http(request));
      if (isClosed()) return false;
      const outcome = outcomeOf(answer);
      if (outcome === 'done') {
        written++;
        return true;
      }
      const what = `a message (${notice.about}) could not be sent to ${target.host}: ${reasonOf(answer)}`;
      if (outcome === 'refused') {
        refused++;
        onTrouble(`${what}; check notify.url, notify.shape and notify.chat`);
        return false;
      }
      if (tries >= settings.retries) {
        dropped++;
        onTrouble(`${what}; given up after ${tries + 1} tries`);
        return false;
      }
      if (tries === 0) onTrouble(`${what}; it is tried again`);
      await pause(Math.min(settings.retryFirstMillis * 2 ** tries, settings.retryMaxMillis));
      if (isClosed()) return false;
      retries++;
    }
  };
  const pump = (): void => {
    // At the end there is no time to rest between two messages.
    if (sending || (state === 'open' && !rested)) return;
    const full = ofHour >= settings.perHour;
    if (full && state === 'open') return;
    const next = full ? undefined : (waiting.find(({ urgent }) => urgent) ?? waiting[0]);
    if (!next) {
      drained();
      return;
    }
    waiting = waiting.filter((each) => each !== next);
    remember(next);
    sending = true;
    rested = false;
    ofHour++;
    alarm(HOUR_MILLIS, () => {
      ofHour--;
      pump();
    });
    void send(next).then((arrived) => {
      if (isClosed()) return;
      sending = false;
      // What did not arrive was not told.
      if (!arrived) unlearn(next);
      alarm(settings.everySeconds * 1000, () => {
        rested = true;
        pump();
      });
      pump();
    });
  };

  const enter = (notice: Notice): void => {
    const before = waiting.length;
    waiting = waiting.filter(({ topic }) => topic !== notice.topic);
    repeated += before - waiting.length;
    if (told.get(notice.topic)?.state === notice.state) {
      repeated++;
      return;
    }
    if (waiting.length >= settings.queue) {
      const shed = waiting.find(({ urgent }) => !urgent) ?? waiting[0];
      waiting = waiting.filter((each) => each !== shed);
      dropped++;
    }
    waiting.push(notice);
    pump();
  };

  return {
    tell: (notice) => {
      const { topic, holdSeconds = 0 } = notice;
      if (state !== 'open') {
        dropped++;
        return;
      }
      const cancel = held.get(topic);
      if (cancel) {
        // What was not told ends without a word.
        cancel();
        held.delete(topic);
        repeated += 2;
        return;
      }
      if (holdSeconds === 0) {
        enter(notice);
        return;
      }
      const stop = alarm(holdSeconds * 1000, () => {
        held.delete(topic);
        enter(notice);
      });
      held.set(topic, stop);
    },
    stats: () => ({ written, dropped, refused, repeated, queued: waiting.length + held.size, retries }),
    close: async () => {
      if (state !== 'open') return;
      state = 'closing';
      await new Promise<void>((resolve) => {
        drained = resolve;
        alarm(settings.closeMillis, resolve);
        endPause();
        pump();
      });
      state = 'closed';
      for (const cancel of [...alarms]) cancel();
      alarms.clear();
      dropped += waiting.length + held.size + (sending ? 1 : 0);
      held.clear();
      waiting = [];
      endPause();
    },
  };
}
