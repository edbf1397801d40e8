/** Why there is no key, and what to do. It holds nothing of the file's content. */
export interface KeyProblem {
  readonly kind: 'keyProblem';
  readonly why: string;
}

/** A key problem of one sentence. */
export const keyProblem = (why: string): KeyProblem => ({ kind: 'keyProblem', why });

const PRIVATE = /-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY-----[\s\S]*?-----END \1PRIVATE KEY-----/g;
/** An ASN.1 sequence: how DER begins. */
const SEQUENCE = 0x30;

/** Why a file without a whole block of a private key has none. */
const withoutBlock = (path: string, text: string): KeyProblem => {
  if (/BEGIN [A-Z ]*PUBLIC KEY/.test(text))
    return keyProblem(`${path} holds a public key; the private one is needed`);
  if (/BEGIN CERTIFICATE/.test(text))
    return keyProblem(`${path} holds a certificate; the private key is needed`);
  if (/PuTTY-User-Key-File/.test(text))
    return keyProblem(`${path} is a key of PuTTY's: give the PEM file that kalshi.com made`);
  if (/BEGIN [A-Z0-9 ]*PRIVATE KEY/.test(text))
    return keyProblem(
      `${path} holds a private key without its end: it is cut, or two were mixed; download it again`,
    );
  return keyProblem(`${path} is no private key in PEM (a block from BEGIN to END PRIVATE KEY)`);
};

/**
 * The one block of a private key in the bytes of the file at `path`. What stands around it is left out: a
 * byte order mark, quotes, a public key or a certificate. `\n` written as two characters is a line end, as
 * .env files have it. A problem names the file and says what it holds and what to do.
 */
export function privatePem(path: string, bytes: Buffer): string | KeyProblem {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return keyProblem(`${path} is text in UTF-16: save it as UTF-8`);
  if (first === SEQUENCE && !bytes.includes('-----'))
    return keyProblem(
      `${path} looks like DER: make PEM of it (openssl pkey -inform DER -in ${path} -out key.pem)`,
    );
  const text = bytes.toString('utf8').replaceAll(/(?:\\r)?\\n/g, '\n');
  const blocks = [...text.matchAll(PRIVATE)];
  const [block] = blocks;
  if (!block) return withoutBlock(path, text);
  if (blocks.length > 1)
    return keyProblem(`${path} holds ${blocks.length} private keys: leave the one of this key id`);
  const [pem, label = ''] = block;
  if (label.startsWith('OPENSSH'))
    return keyProblem(
      `${path} is a key in the format of OpenSSH: give the PEM file that kalshi.com made (of an RSA key, ssh-keygen -p -m PKCS8 -f on a copy makes PEM)`,
    );
  if (/ENCRYPTED/.test(pem))
    return keyProblem(`${path} is encrypted with a passphrase, which is not supported: decrypt it`);
  return pem;
}
