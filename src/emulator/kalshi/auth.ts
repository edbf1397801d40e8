import { constants, type KeyObject, verify } from 'node:crypto';
import type { EmulatedAnswer, EmulatedRequest } from '../transport/emulated-venue.ts';

/** Timestamps that are off by more are refused. On the exchange five seconds passed and thirty failed. */
const TOLERANCE_MS = 15_000;

const refuse = (code: string, message: string, details?: string): EmulatedAnswer => ({
  kind: 'answer',
  status: 401,
  body: JSON.stringify({ error: { code, message, ...(details !== undefined && { details }) } }),
});
const denied = (details: string): EmulatedAnswer =>
  refuse('authentication_error', 'authentication_error', details);

/**
 * Checks a request's signature (docs.kalshi.com/getting_started/api_keys): RSA-PSS over SHA-256 with a salt
 * of 32 bytes, or Ed25519, by the type of the registered key. Returns the exchange's 401, with the bodies
 * recorded on 11 June 2026, or undefined if the signature is valid.
 */
export function unauthorised(
  { method, path, headers }: EmulatedRequest,
  keys: ReadonlyMap<string, KeyObject>,
  wallMillis: number,
): EmulatedAnswer | undefined {
  const keyId = headers['kalshi-access-key'];
  const stamp = headers['kalshi-access-timestamp'];
  const signature = headers['kalshi-access-signature'];
  if (!keyId || !stamp || !signature)
    return refuse('signature_is_missing_from_headers', 'signature is missing from headers');
  const key = keys.get(keyId);
  if (!key) return denied('NOT_FOUND');
  if (!/^\d{13}$/.test(stamp) || Math.abs(Number(stamp) - wallMillis) > TOLERANCE_MS)
    return refuse('header_timestamp_expired', 'header timestamp expired');
  const text = Buffer.from(`${stamp}${method.toUpperCase()}${path.split('?', 1)[0]}`);
  const signed = Buffer.from(signature, 'base64');
  const good =
    key.asymmetricKeyType === 'rsa'
      ? verify(
          'sha256',
          text,
          { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
          signed,
        )
      : verify(null, text, key, signed);
  return good ? undefined : denied('INCORRECT_API_KEY_SIGNATURE');
}
