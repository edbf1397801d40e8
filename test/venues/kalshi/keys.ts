import { generateKeyPairSync } from 'node:crypto';
import type { KalshiKey } from '../../../src/venues/kalshi/key.ts';

export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ED25519 = generateKeyPairSync('ed25519');
export const KEY_ID = '00000000-0000-4000-8000-00000000e3a1';

/** The sample keys as `loadKey` gives them. */
export const rsaKey: KalshiKey = { kind: 'key', keyId: KEY_ID, type: 'rsa', privateKey: RSA.privateKey };
export const ed25519Key: KalshiKey = {
  kind: 'key',
  keyId: KEY_ID,
  type: 'ed25519',
  privateKey: ED25519.privateKey,
};
