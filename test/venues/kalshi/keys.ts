import { generateKeyPairSync } from 'node:crypto';
import type { KalshiKey } from '../../../src/venues/kalshi/key.ts';

export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ED25519 = generateKeyPairSync('ed25519');
export const KEY_ID = 'c4b1f0a6-53de-4e2b-9a71-8f2d6b90e3a1';

/** The sample keys as `loadKey` gives them. */
export const rsaKey: KalshiKey = { kind: 'key', keyId: KEY_ID, type: 'rsa', privateKey: RSA.privateKey };
export const ed25519Key: KalshiKey = {
  kind: 'key',
  keyId: KEY_ID,
  type: 'ed25519',
  privateKey: ED25519.privateKey,
};
