import { createHash, timingSafeEqual } from 'node:crypto';
import type { Emulation } from '../emulation.ts';
import type { EmulatedAnswer, EmulatedRequest } from './emulated-venue.ts';
import { faultSchema } from './fault.ts';

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * The emulator's own endpoints, on either port: `POST /emulator/faults` takes a fault as JSON and injects it;
 * `GET /emulator/state` returns the books and trades that clients should have. Both need the header
 * `authorization: Bearer TOKEN`, which only the emulator's starter knows. Undefined for any other path.
 */
export const control =
  ({ kraken, kalshi, faults }: Emulation, token: string) =>
  ({ method, path, headers, body }: EmulatedRequest): EmulatedAnswer | undefined => {
    const isState = path === '/emulator/state' && method === 'GET';
    const isFault = path === '/emulator/faults' && method === 'POST';
    if (!isState && !isFault) return undefined;
    // Digests have equal lengths, and comparing them takes equal time.
    if (!timingSafeEqual(digest(headers['authorization'] ?? ''), digest(`Bearer ${token}`)))
      return answer(
        {
          error: 'the header "authorization: Bearer TOKEN" with the controlToken of this emulator is needed',
        },
        401,
      );
    if (isState) return answer({ kraken: kraken.state(), kalshi: kalshi.state(), faults: faults.begun() });
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
