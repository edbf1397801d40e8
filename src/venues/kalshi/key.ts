import { createPrivateKey, type KeyObject } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type KeyProblem, keyProblem, privatePem } from './private-pem.ts';

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

const OTHERS = 0o077;
const GROUP_READ = 0o040;
const STRANGERS = 0o007;
/** A key of 16,384 bits has 13 KB in PEM. */
const MOST_BYTES = 1 << 16;
/** A shorter RSA key can be broken (NIST SP 800-131A). */
const LEAST_RSA_BITS = 2048;
/** What an HTTP header can carry; an id has no spaces. */
const HEADER_TEXT = /^[!-~]{1,256}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character in a path is what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Whether systemd made the file for this service (`LoadCredential=`). Its mode then reads 0440, since the
 * access list that admits the service's user is shown as the group's bits; root owns the file and its folder,
 * and the folder lets no stranger in (systemd.exec(5), issue 29435).
 */
function isCredential(path: string, { mode, uid, gid }: Stats, folder: string | undefined): boolean {
  if (!folder || dirname(resolve(path)) !== resolve(folder)) return false;
  const around = statSync(folder);
  const ofRoot = uid === 0 && gid === 0 && around.uid === 0;
  return ofRoot && (mode & OTHERS) === GROUP_READ && (around.mode & STRANGERS) === 0;
}

/** The bytes of a key file, after its kind, its owner, its mode and its size were found right. */
function keyFile(path: string, credentials: string | undefined): Buffer | KeyProblem {
  let file: number | undefined;
  try {
    // Without waiting: a pipe that nobody writes to would never open.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    if (!stats.isFile()) return keyProblem(`${path} is no regular file`);
    if (process.platform !== 'win32') {
      if ((stats.mode & OTHERS) !== 0 && !isCredential(path, stats, credentials))
        return keyProblem(
          `${path} may be read by others (mode ${(stats.mode & 0o777).toString(8)}): run chmod 600 ${path}`,
        );
      if (stats.uid !== 0 && stats.uid !== process.geteuid?.())
        return keyProblem(`${path} belongs to another user, who may read it: copy it to a file of your own`);
    }
    if (stats.size > MOST_BYTES)
      return keyProblem(`${path} has ${stats.size} bytes, more than any key: give the path of the PEM file`);
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, readSync(file, bytes, 0, stats.size, 0));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    return keyProblem(
      code === 'ENOENT' ? `there is no private key file at ${path}` : `${path} cannot be read: ${code}`,
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Loads a private key. Spaces and line ends around the id and the path are dropped, since a shell or an .env
 * file may leave them. The file must be a regular one that only its owner may read, or one of `credentials`,
 * the folder that systemd made for this service, and hold one unencrypted RSA key of at least 2048 bits or
 * one Ed25519 key in PEM. The type is that of the parsed key, since both may begin with `BEGIN PRIVATE KEY`
 * (docs.kalshi.com/getting_started/api_keys). A problem never holds a part of the id or of the key.
 */
export function loadKey(
  {
    keyId: givenId,
    privateKeyPath: givenPath,
  }: {
    readonly keyId?: string | undefined;
    readonly privateKeyPath?: string | undefined;
  },
  credentials: string | undefined = process.env['CREDENTIALS_DIRECTORY'],
): KalshiKey | KeyProblem | undefined {
  const keyId = givenId?.trim() || undefined;
  const path = givenPath?.trim() || undefined;
  if (keyId === undefined && path === undefined) return undefined;
  if (keyId === undefined)
    return keyProblem(
      'kalshi.privateKeyPath is set and kalshi.keyId is not: set KALSHI_KEY_ID to the id shown beside the key',
    );
  if (path === undefined)
    return keyProblem(
      'kalshi.keyId is set and kalshi.privateKeyPath is not: set KALSHI_PRIVATE_KEY_PATH to the PEM file',
    );
  if (!HEADER_TEXT.test(keyId))
    return keyProblem(
      'kalshi.keyId (KALSHI_KEY_ID) holds a space, a line end or another character that no key id has: copy the id again, alone',
    );
  if (/-----|\n/.test(path))
    return keyProblem(
      'kalshi.privateKeyPath holds a key: write the key to a file that only you may read, and give the path of that file',
    );
  if (CONTROL.test(path))
    return keyProblem(
      'kalshi.privateKeyPath (KALSHI_PRIVATE_KEY_PATH) holds a control character: write the path again',
    );
  const bytes = keyFile(path, credentials);
  if ('kind' in bytes) return bytes;
  const pem = privatePem(path, bytes);
  if (typeof pem !== 'string') return pem;
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    return keyProblem(`${path} is no private key in PEM (a block from BEGIN to END PRIVATE KEY)`);
  }
  const type = privateKey.asymmetricKeyType;
  if (type !== 'rsa' && type !== 'ed25519')
    return keyProblem(`${path} holds a key of type ${type ?? 'unknown'}; Kalshi takes RSA and Ed25519`);
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (type === 'rsa' && bits < LEAST_RSA_BITS)
    return keyProblem(
      `${path} holds an RSA key of ${bits} bits, which is too weak to sign orders: make one of at least ${LEAST_RSA_BITS}`,
    );
  return { kind: 'key', keyId, type, privateKey };
}
