import { constants, sign } from 'node:crypto';
import type { KalshiKey } from './key.ts';

/** Signs requests. */
export interface KalshiSigner {
  readonly keyId: string;
  /**
   * The three headers of a request made now. `path` is from the host's root, such as `/trade-api/v2/markets`;
   * its query is not signed.
   */
  readonly headers: (method: string, path: string) => Readonly<Record<string, string>>;
}

/**
 * Kalshi's request signature (docs.kalshi.com/getting_started/api_keys): milliseconds, method and path, by
 * RSA-PSS with SHA-256, MGF1 and a salt as long as the digest, or by Ed25519, base64. `wallMillis` must be
 * real time: the exchange refuses a stamp that is seconds off.
 */
export function kalshiSigner({ keyId, type, privateKey }: KalshiKey, wallMillis: () => number): KalshiSigner {
  const signed = (text: string): string =>
    (type === 'rsa'
      ? sign('sha256', Buffer.from(text), {
          key: privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        })
      : sign(null, Buffer.from(text), privateKey)
    ).toString('base64');
  return {
    keyId,
    headers: (method, path) => {
      const millis = String(Math.floor(wallMillis()));
      const [bare = path] = path.split('?', 1);
      return {
        'KALSHI-ACCESS-KEY': keyId,
        'KALSHI-ACCESS-TIMESTAMP': millis,
        'KALSHI-ACCESS-SIGNATURE': signed(`${millis}${method.toUpperCase()}${bare}`),
      };
    },
  };
}
