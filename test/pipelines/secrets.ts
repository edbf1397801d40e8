import type { KeyObject } from 'node:crypto';

/** Something that must never be said, and what it is. */
export interface Secret {
  readonly what: string;
  readonly text: string;
}

/** Characters in a row that count as told: no accident makes so many. */
const RUN = 32;
/** Bytes in a row, where they are told as a list of numbers. */
const BYTES = 12;

const piecesOf = (what: string, text: string): readonly Secret[] =>
  Array.from({ length: Math.floor(text.length / RUN) }, (_, i) => ({
    what,
    text: text.slice(i * RUN, (i + 1) * RUN),
  }));

/** A run of bytes however a program may print it. */
const formsOf = (what: string, bytes: Buffer): readonly Secret[] => [
  ...piecesOf(`${what} in base64`, bytes.toString('base64')),
  ...piecesOf(`${what} in base64url`, bytes.toString('base64url')),
  ...piecesOf(`${what} in hex`, bytes.toString('hex')),
  ...Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, i) => {
    const some = [...bytes.subarray(i * BYTES, (i + 1) * BYTES)];
    return [
      { what: `${what} as numbers`, text: some.join(',') },
      { what: `${what} as a Buffer`, text: some.map((byte) => byte.toString(16).padStart(2, '0')).join(' ') },
    ];
  }).flat(),
];

/** Everything of a private key that could be told: its PEM lines, its DER, and the secret members of its JWK, `d` first. */
export function keySecrets(key: KeyObject): readonly Secret[] {
  const types = key.asymmetricKeyType === 'rsa' ? (['pkcs8', 'pkcs1'] as const) : (['pkcs8'] as const);
  const jwk = key.export({ format: 'jwk' });
  return [
    { what: 'a PEM mark', text: 'PRIVATE KEY-----' },
    ...types.flatMap((type) => [
      ...key
        .export({ type, format: 'pem' })
        .toString()
        .split('\n')
        .flatMap((line) => piecesOf(`a line of the ${type} PEM`, line)),
      ...formsOf(`the ${type} DER`, key.export({ type, format: 'der' }) as Buffer),
    ]),
    ...(['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).flatMap((member) => {
      const value = jwk[member];
      return value === undefined ? [] : formsOf(member, Buffer.from(value, 'base64url'));
    }),
  ];
}

/** A signature as it was sent, and as it may be written elsewhere. */
export const signatureSecrets = (signature: string): readonly Secret[] => {
  const bytes = Buffer.from(signature, 'base64');
  return [signature, encodeURIComponent(signature), bytes.toString('base64url'), bytes.toString('hex')].map(
    (text) => ({ what: 'a signature', text }),
  );
};

/** The header must not be named either: who names it is about to tell it. */
export const HEADER: Secret = { what: 'the signature header', text: 'kalshi-access-signature' };

/** 64 bytes (Ed25519) or 256 (RSA of 2048 bits) in base64: a signature, even one that was never sent. */
const SIGNATURE = /(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{86}|[A-Za-z0-9+/]{342})==/;

/** What of the secrets is told by any of the texts, and whether anything has the shape of a signature; each named once. */
export function leaks(texts: readonly string[], secrets: readonly Secret[]): readonly string[] {
  const all = texts.join('\n');
  const lower = all.toLowerCase();
  return [
    ...new Set(
      secrets
        .filter((secret) => (secret === HEADER ? lower : all).includes(secret.text))
        .map(({ what }) => what),
    ),
    ...(SIGNATURE.test(all) ? ['what is shaped as a signature'] : []),
  ];
}
