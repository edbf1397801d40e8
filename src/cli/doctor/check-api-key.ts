import { z } from 'zod';
import { HIDDEN } from '../../transport/redactor.ts';
import type { Asked } from './ask.ts';
import { refusalOf } from './check-account.ts';
import { fail, ok, type Verdict, warn } from './verdict.ts';

const keysBody = z.object({
  api_keys: z.array(z.object({ api_key_id: z.string(), scopes: z.array(z.string()).optional() })),
});
/** Unix seconds (SDK 3.30, `GetApiKeysResponse`); absent or null where the member has attested nothing. */
const regionBody = z.object({ api_key_region_expiration_ts: z.number().nullish() });

/** Either of the two lets a key place orders (docs.kalshi.com, `ApiKeyScope`). */
const TRADING: readonly string[] = ['write', 'write::trade'];
const SOON_MS = 7 * 86_400_000;

const attestAgain =
  'attest your location again at kalshi.com (account, API keys): without it the exchange refuses orders by API';

/**
 * Whether the key may place orders, by `GET /api_keys`. Paper needs no scope but `read`, so a key that only
 * reads fails for `orders` alone.
 */
export function checkScope(keys: Asked, keyId: string, orders: boolean): Verdict {
  if (keys.kind !== 'answered') return refusalOf(keys);
  const { data } = keysBody.safeParse(keys.json);
  // The edge hides our own key's id in what it reads, and hides no other.
  const own = data?.api_keys.find(({ api_key_id: id }) => id === keyId || id === HIDDEN);
  const scopes = own?.scopes;
  if (scopes === undefined)
    return (orders ? fail : warn)(
      'the exchange does not say what this key may do',
      'look at kalshi.com (account, API keys) whether it has the scope write::trade',
    );
  const found = `scopes ${scopes.join(', ') || 'none'}`;
  if (scopes.some((scope) => TRADING.includes(scope))) return ok(found);
  return orders
    ? fail(`${found}: it cannot place orders`, 'make a key with the scopes read and write::trade')
    : ok(`${found}: enough for paper; orders need write::trade`);
}

/**
 * Whether the attestation of the member's location holds, by `GET /api_keys`: since August 2026 an account
 * whose attestation has lapsed cannot trade by API.
 */
export function checkLocation(keys: Asked, nowMillis: number, orders: boolean): Verdict {
  if (keys.kind !== 'answered') return refusalOf(keys);
  const refusing = orders ? fail : warn;
  const { data } = regionBody.safeParse(keys.json);
  if (!data) return refusing('the attestation has another shape', 'look whether a newer version reads it');
  const seconds = data.api_key_region_expiration_ts;
  // Not every account is asked for one, and a refused order costs nothing.
  if (seconds === undefined || seconds === null)
    return warn('this account has attested no location: the exchange may refuse orders by API', attestAgain);
  const untilMillis = seconds * 1_000;
  const until = new Date(untilMillis);
  if (Number.isNaN(until.getTime()))
    return refusing(`the attestation ends at ${seconds}, which is no time`, attestAgain);
  const when = `${until.toISOString().slice(0, 16)}Z`;
  if (untilMillis <= nowMillis) return refusing(`the attestation lapsed at ${when}`, attestAgain);
  return untilMillis - nowMillis < SOON_MS
    ? warn(`attested until ${when}`, attestAgain)
    : ok(`attested until ${when}`);
}
