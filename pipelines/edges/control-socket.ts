import type { Cancelled } from '../../src/execution/kalshi/cancel-everything.ts';
import { type ServedSocket, type SocketAnswer, serveSocket } from './serve-socket.ts';

/** What an operator may ask of a running lane. */
export interface LaneControls {
  readonly status: () => object;
  /** The caps and what is used of them. */
  readonly limits: () => object;
  /** Highest equity of the account, earlier runs included, since it was last allowed to trade; undefined before any. */
  readonly peakDollars: () => number | undefined;
  /** Shuts the gate at once, and resolves after the orders were cancelled. */
  readonly halt: (by: string, reason: string) => Promise<Cancelled>;
  /** Why the lane may not trade again, as a sentence; undefined lets it. */
  readonly resume: (by: string, reason: string) => string | undefined;
  readonly cancelAll: (reason: string) => Promise<Cancelled>;
  /** Reads the whole account now. */
  readonly reconcile: (reason: string) => string;
  /** Closes what can be closed, and says what was done. */
  readonly flatten: (reason: string) => Promise<string>;
  /** Takes the venue's word for one contract or the `account`, which is the first word of the text. */
  readonly resolve: (text: string) => string;
  /** Lowers a cap of the send gate until the lane ends. Why not, as a sentence; undefined once it is done. */
  readonly cap: (name: string, value: number, reason: string) => string | undefined;
}

const BY = 'the operator';

const ok = (body: object): SocketAnswer => ({ status: 200, body });

/**
 * Serves an operator's commands on a Unix socket (`serveSocket`): `GET /status`, `GET /limits`; `POST /halt`,
 * `/resume`, `/cancel-all`, `/flatten`, `/reconcile`, `/resolve` and `/cap` with `{"reason": TEXT}`, where a
 * cap's text begins with its name and its new value. A resume or a cap that is not allowed is answered 409.
 */
export const controlSocket = (path: string, token: string, lane: LaneControls): Promise<ServedSocket> =>
  serveSocket(path, token, {
    reads: new Map([
      ['status', lane.status],
      ['limits', lane.limits],
    ]),
    acts: new Map<string, (reason: string) => Promise<SocketAnswer>>([
      ['halt', async (reason) => ok(await lane.halt(BY, reason))],
      [
        'resume',
        async (reason) => {
          const why = lane.resume(BY, reason);
          return why === undefined ? ok({ kind: 'resumed' }) : { status: 409, body: { error: why } };
        },
      ],
      ['cancel-all', async (reason) => ok(await lane.cancelAll(reason))],
      ['reconcile', async (reason) => ok({ kind: 'asked', result: lane.reconcile(reason) })],
      ['resolve', async (text) => ok({ kind: 'resolved', result: lane.resolve(text) })],
      [
        'cap',
        async (text) => {
          const [name = '', value = '', ...reason] = text.split(' ');
          const why = lane.cap(name, Number(value), reason.join(' '));
          return why === undefined
            ? ok({ kind: 'lowered', ...lane.limits() })
            : { status: 409, body: { error: why } };
        },
      ],
      ['flatten', async (reason) => ok({ kind: 'flattened', result: await lane.flatten(reason) })],
    ]),
  });
