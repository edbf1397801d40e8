import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';
import { type Heard, hear, noReplica, type Replica } from './replica.ts';

/** Silence after which a link counts as dead; the lane sends a beat every two seconds. */
const SILENT_MS = 6_000;
const LOOK_MS = 1_000;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 8_000;

/**
 * Follows the lane's events for as long as the page lives and tells each state of the replica. A broken link
 * is opened again by the browser, which names the last event it has; one that refuses, stays silent or leaves
 * a gap is opened anew and begins with a snapshot, after a pause that grows.
 */
export function listen(path: string, onReplica: (replica: Replica) => void): void {
  let replica = noReplica(Date.now());
  let source: EventSource | undefined;
  let waitMs = FIRST_WAIT_MS;
  let waiting = false;

  const take = (heard: Heard): void => {
    const next = hear(replica, heard);
    replica = next.replica;
    if (replica.link === 'live') waitMs = FIRST_WAIT_MS;
    onReplica(replica);
    if (next.wantsSnapshot) reopen();
  };
  const reopen = (): void => {
    source?.close();
    source = undefined;
    if (waiting) return;
    waiting = true;
    setTimeout(open, waitMs);
    waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs);
  };
  const open = (): void => {
    waiting = false;
    const opened = new EventSource(path);
    source = opened;
    let openedMs = Date.now();
    const on = (name: string, heardOf: (data: string) => Heard): void =>
      opened.addEventListener(name, (event) => {
        if (source === opened) take(heardOf((event as MessageEvent<string>).data));
      });
    on('snapshot', (data) => ({
      kind: 'snapshot',
      state: JSON.parse(data) as ConsoleState,
      wallMs: Date.now(),
    }));
    on('patch', (data) => ({ kind: 'patch', patch: JSON.parse(data) as ConsolePatch, wallMs: Date.now() }));
    on('beat', (data) => ({
      kind: 'beat',
      patch: (JSON.parse(data) as { readonly patch: number }).patch,
      wallMs: Date.now(),
    }));
    opened.addEventListener('open', () => {
      openedMs = Date.now();
    });
    opened.addEventListener('error', () => {
      if (source !== opened) return;
      take({ kind: 'lost' });
      if (opened.readyState === EventSource.CLOSED) reopen();
    });
    const look = setInterval(() => {
      if (source !== opened) clearInterval(look);
      else if (Date.now() - Math.max(replica.heardMs, openedMs) > SILENT_MS) {
        take({ kind: 'lost' });
        reopen();
      }
    }, LOOK_MS);
  };
  open();
}
