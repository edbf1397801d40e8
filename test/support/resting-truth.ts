import type { Emulation } from '../../src/emulator/emulation.ts';
import type { KalshiSigner } from '../../src/venues/kalshi/sign.ts';

/** What rests at an emulated Kalshi, whatever its reads say and whatever faults do to its clients. */
export interface RestingTruth {
  /** Ids of the orders that rest now. */
  readonly resting: () => readonly string[];
  /** How many orders ever rested. */
  readonly rested: () => number;
}

const SOCKET = '/trade-api/ws/v2';

interface UserOrder {
  readonly type?: string;
  readonly msg?: { readonly order_id: string; readonly status: string };
}

/** Follows the member's orders on a socket of its own, which passes by the faults and by the rate limits. */
export function restingTruth({ kalshi }: Pick<Emulation, 'kalshi'>, signer: KalshiSigner): RestingTruth {
  const resting = new Set<string>();
  const rested = new Set<string>();
  const headers = Object.fromEntries(
    Object.entries(signer.headers('GET', SOCKET)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const peer = kalshi.upgrade(
    { method: 'GET', path: SOCKET, headers, body: '' },
    {
      say: (text) => {
        const { type, msg } = JSON.parse(text) as UserOrder;
        if (type !== 'user_order' || !msg) return;
        if (msg.status === 'resting') {
          resting.add(msg.order_id);
          rested.add(msg.order_id);
        } else resting.delete(msg.order_id);
      },
      end: (_, why) => {
        throw new Error(`restingTruth: the venue ended the socket: ${why}`);
      },
    },
  );
  if (peer.kind === 'answer') throw new Error(`restingTruth: refused: ${peer.body}`);
  peer.hear(JSON.stringify({ id: 1, cmd: 'subscribe', params: { channels: ['user_orders'] } }));
  return { resting: () => [...resting], rested: () => rested.size };
}
