import { z } from 'zod';
import { printable } from '../../domain/printable.ts';
import { jsonOf } from '../../transport/json-of.ts';

/** A refusal of Kalshi's REST or of its socket's upgrade. `why` is a sentence for the operator. */
export interface KalshiRefusal {
  readonly code: string;
  readonly details: string | undefined;
  readonly why: string;
}

const nested = z.object({
  error: z.object({ code: z.string(), message: z.string().optional(), details: z.string().nullish() }),
});
const flat = z.object({ code: z.string(), message: z.string().optional(), details: z.string().nullish() });
const validation = z.object({ msg: z.string() });
const bare = z.object({ error: z.string() });

const EXCERPT = 200;

/** The meaning of a 401 by its code and details, as recorded on 11 June 2026. */
const meaningOf401 = (code: string, details: string | undefined): string => {
  if (code.startsWith('header_timestamp_expired'))
    return 'the clock of this machine is more than some seconds off: synchronise it (voltage doctor measures it)';
  if (code.startsWith('signature_is_missing'))
    return 'no signature was sent: set kalshi.keyId and kalshi.privateKeyPath';
  if (details === 'NOT_FOUND')
    return 'this key id is unknown here: check KALSHI_KEY_ID, and that the key belongs to this environment (kalshi.environment: prod or demo)';
  if (details?.startsWith('INCORRECT_API_KEY_SIGNATURE'))
    return 'the signature does not fit the key id: the private key is another key’s, or the address has a path other than /trade-api/v2';
  return 'the exchange did not accept the key';
};

const sentence = (status: number, code: string, details: string | undefined): string => {
  const reason = [code, ...(details ? [details] : [])].join(': ');
  if (status === 401) return `401 ${reason}: ${meaningOf401(code, details)}`;
  if (status === 403) return `403 ${reason}: the key lacks the scope for this call`;
  if (status === 429) return `429 ${reason}: asked too often`;
  return `${status} ${reason}`;
};

/**
 * Reads the body of a refusal in any of its four shapes: nested `error`, flat, `msg` of a failed validation,
 * `error` as text (docs.kalshi.com, recorded bodies). Codes may end in an id (`user_not_found:_…`), so
 * compare only their beginnings. It never throws.
 */
export function readError(status: number, text: string): KalshiRefusal {
  const refusal = (rawCode: string, rawDetails: string | undefined): KalshiRefusal => {
    const code = printable(rawCode, EXCERPT);
    const details = rawDetails === undefined ? undefined : printable(rawDetails, EXCERPT) || undefined;
    return { code, details, why: sentence(status, code, details) };
  };
  const json = jsonOf(text);
  if (json === undefined) return refusal('unreadable', text.replaceAll(/\s+/g, ' '));
  const inner = nested.safeParse(json);
  if (inner.success) {
    const { code, details, message } = inner.data.error;
    return refusal(code, details ?? (message === code ? undefined : message));
  }
  const outer = flat.safeParse(json);
  if (outer.success) return refusal(outer.data.code, outer.data.details ?? outer.data.message);
  const checked = validation.safeParse(json);
  if (checked.success) return refusal('validation', checked.data.msg);
  const short = bare.safeParse(json);
  if (short.success) return refusal(short.data.error.replaceAll(' ', '_'), undefined);
  return refusal('unreadable', text);
}
