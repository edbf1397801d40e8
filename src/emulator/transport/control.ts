import type { Emulation } from '../emulation.ts';
import type { EmulatedAnswer, EmulatedRequest } from './emulated-venue.ts';
import { faultSchema } from './fault.ts';

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});

/**
 * The emulator's own endpoints, on either port: `POST /emulator/faults` takes a fault as JSON and injects it;
 * `GET /emulator/state` returns the books and trades that clients should have. Undefined for any other path.
 */
export const control =
  ({ kraken, kalshi, faults }: Emulation) =>
  ({ method, path, body }: EmulatedRequest): EmulatedAnswer | undefined => {
    if (path === '/emulator/state' && method === 'GET')
      return answer({ kraken: kraken.state(), kalshi: kalshi.state(), faults: faults.begun() });
    if (path !== '/emulator/faults' || method !== 'POST') return undefined;
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      return answer({ error: 'the body must be a fault as JSON' }, 400);
    }
    const { data, error } = faultSchema.safeParse(json);
    if (!data)
      return answer({ error: `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}` }, 400);
    faults.inject(data);
    return answer({ injected: data });
  };
