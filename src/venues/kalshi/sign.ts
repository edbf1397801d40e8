import { constants, sign } from 'node:crypto';
import type { KalshiKey } from './key.ts';

/** The three headers of a signed request. */
export type SignedHeaders = Readonly<Record<string, string>>;

/** Signs requests. */
export interface KalshiSigner {
  readonly keyId: string;
  /**
   * The three headers of a request made now. `path` is from the host's root, such as `/trade-api/v2/markets`;
   * its query is not signed.
   */
  readonly headers: (method: string, path: string) => SignedHeaders;
  /** The same, made on another thread while this one goes on. Rejects if the key cannot sign. */
  readonly headersLater: (method: string, path: string) => Promise<SignedHeaders>;
}

/**
 * Kalshi's request signature (docs.kalshi.com/getting_started/api_keys): milliseconds, method and path, by
 * RSA-PSS with SHA-256, MGF1 and a salt as long as the digest, or by Ed25519, base64. `wallMillis` must be
 * real time: the exchange refuses a stamp that is seconds off.
 */
export function kalshiSigner({ keyId, type, privateKey }: KalshiKey, wallMillis: () => number): KalshiSigner {
  const [algorithm, key] =
    type === 'rsa'
      ? ([
          'sha256',
          {
            key: privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
          },
        ] as const)
      : ([null, privateKey] as const);
  const stamped = (method: string, path: string): { readonly millis: string; readonly text: Buffer } => {
    const millis = String(Math.floor(wallMillis()));
    const [bare = path] = path.split('?', 1);
    return { millis, text: Buffer.from(`${millis}${method.toUpperCase()}${bare}`) };
  };
  const headersOf = (millis: string, signature: Buffer): SignedHeaders => ({
    'KALSHI-ACCESS-KEY': keyId,
    'KALSHI-ACCESS-TIMESTAMP': millis,
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  });
  return {
    keyId,
    headers: (method, path) => {
      const { millis, text } = stamped(method, path);
      return headersOf(millis, sign(algorithm, text, key));
    },
    headersLater: (method, path) =>
      new Promise((resolve, reject) => {
        const { millis, text } = stamped(method, path);
        sign(algorithm, text, key, (failed, signature) => {
          if (failed) reject(failed);
          else resolve(headersOf(millis, signature));
        });
      }),
  };
}
