import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';
import { ask } from './ask.ts';
import { type Heard, hear, noReplica, type Replica } from './replica.ts';
import { type ServerEvent, serverEvents } from './server-events.ts';

/** Silence after which a link counts as dead; the lane sends a beat every two seconds. */
const SILENT_MS = 6_000;
const LOOK_MS = 1_000;
const FIRST_WAIT_MS = 250;
const MOST_WAIT_MS = 4_000;

/** An event of the lane as a word for the replica; undefined for one that is not known. */
export function heardOf({ name, data }: ServerEvent, wallMs: number): Heard | undefined {
  if (name === 'snapshot') return { kind: 'snapshot', state: JSON.parse(data) as ConsoleState, wallMs };
  if (name === 'patch') return { kind: 'patch', patch: JSON.parse(data) as ConsolePatch, wallMs };
  if (name === 'beat')
    return { kind: 'beat', patch: (JSON.parse(data) as { readonly patch: number }).patch, wallMs };
  return undefined;
}

/**
 * Follows the lane's events for as long as the page lives and tells each state of the replica. A link that
 * breaks, refuses or stays silent is opened again after a pause that grows. It goes on after the last event that
 * it has; after a gap it begins with a snapshot.
 */
export async function listen(path: string, onReplica: (replica: Replica) => void): Promise<never> {
  let replica = noReplica(Date.now());
  let lastId: string | undefined;
  let waitMs = FIRST_WAIT_MS;

  /** False if a snapshot is wanted. */
  const take = (heard: Heard): boolean => {
    const next = hear(replica, heard);
    replica = next.replica;
    if (replica.link === 'live') waitMs = FIRST_WAIT_MS;
    onReplica(replica);
    return !next.wantsSnapshot;
  };
  const follow = async (): Promise<void> => {
    const ended = new AbortController();
    let wordMs = Date.now();
    const look = setInterval(() => {
      if (Date.now() - wordMs > SILENT_MS) ended.abort();
    }, LOOK_MS);
    try {
      const { ok, body } = await ask(path, {
        signal: ended.signal,
        headers: lastId === undefined ? {} : { 'last-event-id': lastId },
      });
      if (!ok || !body) return;
      const read = serverEvents();
      for await (const piece of pieces(body)) {
        wordMs = Date.now();
        for (const event of read(piece)) {
          const heard = heardOf(event, wordMs);
          if (!heard) continue;
          if (!take(heard)) {
            lastId = undefined;
            return;
          }
          lastId = event.id ?? lastId;
        }
      }
    } finally {
      clearInterval(look);
      ended.abort();
    }
  };
  for (;;) {
    // Whatever ended it, what follows is the same: say so, wait, and ask again.
    await follow().catch(() => undefined);
    take({ kind: 'lost' });
    await new Promise((waited) => setTimeout(waited, waitMs));
    waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs);
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}
