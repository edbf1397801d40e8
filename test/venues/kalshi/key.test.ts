import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadKey } from '../../../src/venues/kalshi/key.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { ED25519, KEY_ID, RSA } from './keys.ts';

const folder = tempFolder();
let files = 0;

/** A file of its own with this content; only its owner may read it unless `mode` says otherwise. */
function fileOf(content: string, mode = 0o600): string {
  const path = join(folder, `key-${++files}.pem`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' = 'pkcs8'): string =>
  key.export({ type, format: 'pem' }).toString();
const rsa = pemOf(RSA.privateKey);
const ed25519 = pemOf(ED25519.privateKey);

const whyOf = (privateKeyPath: string | undefined, keyId: string | undefined = KEY_ID): string => {
  const key = loadKey({ keyId, privateKeyPath });
  expect(key?.kind).toBe('keyProblem');
  return key?.kind === 'keyProblem' ? key.why : '';
};

/** Every run of `length` characters of the base64 between the marks. */
const runsOf = (pem: string, length: number): readonly string[] => {
  const body = pem.replaceAll(/-----[^-]+-----|\s/g, '');
  return Array.from({ length: Math.max(0, body.length - length + 1) }, (_, i) => body.slice(i, i + length));
};
const RUN = 8;
const expectNoMaterial = (text: string, pem: string): void => {
  expect(text).not.toContain('-----');
  for (const run of runsOf(pem, RUN))
    if (text.includes(run)) throw new Error(`told part of the key: ${text}`);
};

describe('loadKey', () => {
  test.each([
    ['RSA in PKCS#8', rsa, 'rsa', RSA.privateKey],
    ['RSA in PKCS#1', pemOf(RSA.privateKey, 'pkcs1'), 'rsa', RSA.privateKey],
    ['Ed25519 in PKCS#8', ed25519, 'ed25519', ED25519.privateKey],
    ['RSA with the line ends of Windows', rsa.replaceAll('\n', '\r\n'), 'rsa', RSA.privateKey],
  ])('takes %s and tells its type from the key, not from the heading', (_, pem, type, privateKey) => {
    const key = loadKey({ keyId: KEY_ID, privateKeyPath: fileOf(pem) });
    expect(key).toMatchObject({ kind: 'key', keyId: KEY_ID, type });
    expect(key?.kind === 'key' && key.privateKey.equals(privateKey)).toBe(true);
  });

  test('without id and path there is no key and no problem; one without the other is a problem that names what is missing', () => {
    expect(loadKey({})).toBeUndefined();
    expect(loadKey({ keyId: undefined, privateKeyPath: undefined })).toBeUndefined();
    const path = fileOf(rsa);
    const withoutId = loadKey({ privateKeyPath: path });
    expect(withoutId).toMatchObject({ kind: 'keyProblem', why: expect.stringContaining('KALSHI_KEY_ID') });
    const withoutPath = loadKey({ keyId: KEY_ID });
    expect(withoutPath).toMatchObject({
      kind: 'keyProblem',
      why: expect.stringContaining('KALSHI_PRIVATE_KEY_PATH'),
    });
  });

  test.each(['601', '602', '604', '610', '620', '640', '644', '660', '777'])(
    'refuses a file of mode %s that is not its owner’s alone, and says what to run',
    (mode) => {
      const path = fileOf(rsa, Number.parseInt(mode, 8));
      expect(whyOf(path)).toBe(`${path} may be read by others (mode ${mode}): run chmod 600 ${path}`);
    },
  );

  test.each(['600', '400', '700'])('takes a file of mode %s, which is its owner’s alone', (mode) => {
    const privateKeyPath = fileOf(rsa, Number.parseInt(mode, 8));
    expect(loadKey({ keyId: KEY_ID, privateKeyPath })?.kind).toBe('key');
  });

  test('property: beside its owner’s alone only a credential of systemd is taken: of root, read by the group, in a folder shut to strangers', () => {
    const byRoot = process.geteuid?.() === 0;
    const path = fileOf(rsa);
    const within = join(folder, 'credentials');
    const credential = join(within, 'kalshi.pem');
    mkdirSync(within);
    writeFileSync(credential, rsa);
    fc.assert(
      fc.property(
        fc.constantFrom(0o400, 0o600),
        fc.oneof(fc.constantFrom(0o040, 0o040, 0o044, 0o060, 0o050, 0), fc.nat({ max: 0o077 })),
        fc.constantFrom(0o500, 0o550, 0o700, 0o701, 0o755),
        fc.constantFrom(true, true, false),
        fc.constantFrom(true, true, false),
        (own, others, around, isInside, isService) => {
          const file = isInside ? credential : path;
          chmodSync(file, own | others);
          chmodSync(within, around);
          const key = loadKey({ keyId: KEY_ID, privateKeyPath: file }, isService ? within : undefined);
          const credited = byRoot && isInside && isService && others === 0o040 && (around & 0o007) === 0;
          expect(key?.kind).toBe(others === 0 || credited ? 'key' : 'keyProblem');
        },
      ),
      {
        numRuns: 300,
        examples: [
          [0o400, 0o040, 0o550, true, true],
          [0o400, 0o040, 0o551, true, true],
          [0o400, 0o040, 0o550, false, true],
          [0o400, 0o040, 0o550, true, false],
          [0o600, 0o060, 0o550, true, true],
        ],
      },
    );
    chmodSync(within, 0o700);
  });

  test('a link is judged by the file that it leads to', () => {
    const [open, shut] = [fileOf(rsa, 0o644), fileOf(rsa)];
    const [toOpen, toShut] = [join(folder, 'to-open'), join(folder, 'to-shut')];
    symlinkSync(open, toOpen);
    symlinkSync(shut, toShut);
    expect(whyOf(toOpen)).toContain('may be read by others');
    expect(loadKey({ keyId: KEY_ID, privateKeyPath: toShut })?.kind).toBe('key');
  });

  test('a path that leads nowhere, to a folder or through a file is a problem that names it', () => {
    const missing = join(folder, 'nowhere.pem');
    expect(whyOf(missing)).toBe(`there is no private key file at ${missing}`);
    const inside = join(folder, 'a folder');
    mkdirSync(inside);
    expect(whyOf(inside)).toBe(`${inside} is no regular file`);
    const through = join(fileOf(rsa), 'key.pem');
    expect(whyOf(through)).toBe(`${through} cannot be read: ENOTDIR`);
  });

  test.each([
    ['a public key', RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['a public key of the older form', RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['a key of another curve', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
    ['a key of another kind', pemOf(generateKeyPairSync('x25519').privateKey)],
    [
      'an encrypted key',
      RSA.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' })
        .toString(),
    ],
    ['nothing', ''],
    ['text', 'my password is hunter2hunter2\n'],
    ['a key without its marks', rsa.split('\n').slice(1, -2).join('\n')],
    ['half a key', rsa.slice(0, rsa.length / 2)],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIBszCCARygAwIBAgIJ\n-----END CERTIFICATE-----\n'],
  ])('refuses %s in a sentence that names the file and shows none of its content', (_, content) => {
    const path = fileOf(content);
    const why = whyOf(path);
    expect(why.startsWith(path)).toBe(true);
    expect(why).not.toContain('hunter2');
    expectNoMaterial(why, content);
  });

  test('a key in the place of its path is not repeated', () => {
    const why = whyOf(rsa);
    expect(why).toContain('write the key to a file');
    for (const run of runsOf(rsa, 12)) expect(why).not.toContain(run);
  });

  test('says what an encrypted file, a public key and another kind of key are', () => {
    const encrypted = RSA.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' })
      .toString();
    expect(whyOf(fileOf(encrypted))).toContain('is encrypted with a passphrase');
    const open = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(whyOf(fileOf(open))).toContain('holds a public key; the private one is needed');
    expect(whyOf(fileOf(pemOf(generateKeyPairSync('x25519').privateKey)))).toContain(
      'a key of type x25519; Kalshi takes RSA and Ed25519',
    );
  });

  test('property: spaces and line ends around id and path are dropped', () => {
    const path = fileOf(rsa);
    const blanks = fc.stringMatching(/^[ \t\r\n]{0,4}$/);
    fc.assert(
      fc.property(blanks, blanks, blanks, blanks, (a, b, c, d) => {
        const key = loadKey({ keyId: `${a}${KEY_ID}${b}`, privateKeyPath: `${c}${path}${d}` });
        expect(key).toMatchObject({ kind: 'key', keyId: KEY_ID });
      }),
    );
    expect(loadKey({ keyId: ' \r\n', privateKeyPath: ' ' })).toBeUndefined();
  });

  test('property: an id that no header can carry is refused by its variable’s name, and not repeated', () => {
    const path = fileOf(rsa);
    const bad = fc.constantFrom('\r', '\n', ' ', '\r\nX: y', '\u0000', '\u2603', 'ä', '\u007f');
    fc.assert(
      fc.property(bad, fc.integer({ min: 1, max: KEY_ID.length - 1 }), (put, at) => {
        const why = whyOf(path, `${KEY_ID.slice(0, at)}${put}${KEY_ID.slice(at)}`);
        expect(why).toContain('KALSHI_KEY_ID');
        expect(why).not.toContain(KEY_ID.slice(0, 12));
      }),
    );
  });

  test('a path with a control character in it is refused by its variable’s name', () => {
    expect(whyOf('key\r.pem')).toContain('KALSHI_PRIVATE_KEY_PATH');
  });

  test.each([
    ['a byte order mark before it', `\ufeff${rsa}`],
    ['literal \\n for its line ends', rsa.replaceAll('\n', '\\n')],
    ['quotes around it and literal \\r\\n', `"${rsa.replaceAll('\n', '\\r\\n')}"`],
    ['the public key before it', `${RSA.publicKey.export({ type: 'spki', format: 'pem' })}${rsa}`],
    ['the public key after it', `${rsa}${RSA.publicKey.export({ type: 'spki', format: 'pem' })}`],
    ['a certificate before it', `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${rsa}`],
  ])('takes a private key with %s', (_, content) => {
    const key = loadKey({ keyId: KEY_ID, privateKeyPath: fileOf(content) });
    expect(key?.kind === 'key' && key.privateKey.equals(RSA.privateKey)).toBe(true);
  });

  const openSsh = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjE'.repeat(9)}\n-----END OPENSSH PRIVATE KEY-----\n`;
  test.each([
    ['a key of OpenSSH', openSsh, 'the format of OpenSSH'],
    ['two private keys', rsa + ed25519, 'holds 2 private keys'],
    ['half a key', rsa.slice(0, 400), 'without its end'],
    ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-rsa\n', 'PuTTY'],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      'holds a certificate',
    ],
    ['more than any key', 'x'.repeat(70_000), 'has 70000 bytes'],
  ])('says of %s what it is', (_, content, sentence) => {
    expect(whyOf(fileOf(content))).toContain(sentence);
  });

  test('says of UTF-16 and of DER what they are', () => {
    const write = (bytes: Buffer): string => {
      const path = fileOf('');
      writeFileSync(path, bytes);
      return path;
    };
    expect(whyOf(write(Buffer.from(`\ufeff${rsa}`, 'utf16le')))).toContain('UTF-16');
    expect(whyOf(write(RSA.privateKey.export({ type: 'pkcs8', format: 'der' }) as Buffer))).toContain('DER');
  });

  test.each([512, 1024, 2047, 2048])('an RSA key of %d bits is taken from 2048 on', (modulusLength) => {
    const path = fileOf(pemOf(generateKeyPairSync('rsa', { modulusLength }).privateKey));
    if (modulusLength >= 2048) expect(loadKey({ keyId: KEY_ID, privateKeyPath: path })?.kind).toBe('key');
    else expect(whyOf(path)).toContain(`RSA key of ${modulusLength} bits, which is too weak`);
  });

  test('property: a key file damaged anywhere gives a key or a sentence without material, and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(rsa, ed25519),
        fc.nat(),
        fc.nat(40),
        fc.string({ maxLength: 6 }),
        (pem, at, span, put) => {
          const from = at % pem.length;
          const path = fileOf(pem.slice(0, from) + put + pem.slice(from + span));
          const key = loadKey({ keyId: KEY_ID, privateKeyPath: path });
          if (key?.kind === 'keyProblem') expectNoMaterial(key.why, pem);
          else expect(key?.kind).toBe('key');
        },
      ),
    );
  });

  test('printed in any way, a key shows its id and type and nothing secret', () => {
    const key = loadKey({ keyId: KEY_ID, privateKeyPath: fileOf(rsa) });
    for (const text of [
      inspect(key, { depth: 10, showHidden: true }),
      JSON.stringify(key),
      `${key?.kind === 'key' ? key.privateKey : ''}`,
    ])
      expectNoMaterial(text, rsa);
    expect(JSON.parse(JSON.stringify(key))).toMatchObject({ kind: 'key', keyId: KEY_ID, type: 'rsa' });
  });
});
