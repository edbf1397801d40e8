import type { KalshiKey } from '../../venues/kalshi/key.ts';
import type { KeyProblem } from '../../venues/kalshi/private-pem.ts';
import { fail, ok, skipped, type Verdict } from './verdict.ts';

/** The verdict of `loadKey` on the key's file: where it is, who may read it, what it holds. */
export function checkKey(key: KalshiKey | KeyProblem | undefined): Verdict {
  if (key === undefined)
    return skipped(
      'no key is configured: public REST is polled, without the index, and no order can be placed',
      'to have one, set KALSHI_KEY_ID and KALSHI_PRIVATE_KEY_PATH',
    );
  if (key.kind === 'keyProblem')
    return fail(
      key.why,
      'KALSHI_PRIVATE_KEY_PATH names a PEM file that only you may read (chmod 600), KALSHI_KEY_ID the id shown beside it at kalshi.com',
    );
  const bits = key.privateKey.asymmetricKeyDetails?.modulusLength;
  return ok(
    `${key.type === 'rsa' ? `RSA${bits === undefined ? '' : `, ${bits} bits`}` : 'Ed25519'}; nobody else may read its file`,
  );
}
