import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/**
 * An API key, ready to sign. It holds no readable secret: if it is printed, only the id and the type show.
 */
export interface KalshiKey {
  readonly kind: 'key';
  readonly keyId: string;
  readonly type: 'rsa' | 'ed25519';
  /** The parsed key; Node prints it without its material. */
  readonly privateKey: KeyObject;
}

/** Why there is no key, and what to do. It holds nothing of the file's content. */
export interface KeyProblem {
  readonly kind: 'keyProblem';
  readonly why: string;
}

const OTHERS = 0o077;
const problem = (why: string): KeyProblem => ({ kind: 'keyProblem', why });

/**
 * Loads a private key. The file must be a regular one that only its owner may read, and hold an unencrypted
 * RSA or Ed25519 key in PEM. The type is that of the parsed key, since both may begin with `BEGIN PRIVATE
 * KEY` (docs.kalshi.com/getting_started/api_keys).
 */
export function loadKey({
  keyId,
  privateKeyPath,
}: {
  readonly keyId?: string | undefined;
  readonly privateKeyPath?: string | undefined;
}): KalshiKey | KeyProblem | undefined {
  if (keyId === undefined && privateKeyPath === undefined) return undefined;
  if (keyId === undefined)
    return problem(
      'kalshi.privateKeyPath is set and kalshi.keyId is not: set KALSHI_KEY_ID to the id shown beside the key',
    );
  if (privateKeyPath === undefined)
    return problem(
      'kalshi.keyId is set and kalshi.privateKeyPath is not: set KALSHI_PRIVATE_KEY_PATH to the PEM file',
    );
  if (/-----|\n/.test(privateKeyPath))
    return problem(
      'kalshi.privateKeyPath holds a key: write the key to a file that only you may read, and give the path of that file',
    );
  let pem: string;
  try {
    const stats = statSync(privateKeyPath, { throwIfNoEntry: false });
    if (!stats) return problem(`there is no private key file at ${privateKeyPath}`);
    if (!stats.isFile()) return problem(`${privateKeyPath} is no regular file`);
    if (process.platform !== 'win32' && (stats.mode & OTHERS) !== 0)
      return problem(
        `${privateKeyPath} may be read by others (mode ${(stats.mode & 0o777).toString(8)}): run chmod 600 ${privateKeyPath}`,
      );
    pem = readFileSync(privateKeyPath, 'utf8');
  } catch (cause) {
    return problem(
      `${privateKeyPath} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
    );
  }
  if (/ENCRYPTED/.test(pem))
    return problem(`${privateKeyPath} is encrypted with a passphrase, which is not supported: decrypt it`);
  if (/BEGIN PUBLIC KEY/.test(pem))
    return problem(`${privateKeyPath} holds a public key; the private one is needed`);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    return problem(`${privateKeyPath} is no private key in PEM (a block from BEGIN to END PRIVATE KEY)`);
  }
  const type = privateKey.asymmetricKeyType;
  if (type !== 'rsa' && type !== 'ed25519')
    return problem(
      `${privateKeyPath} holds a key of type ${type ?? 'unknown'}; Kalshi takes RSA and Ed25519`,
    );
  return { kind: 'key', keyId, type, privateKey };
}
