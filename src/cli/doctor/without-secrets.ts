/** A private key as text, whole or cut off; with real line ends or with those of JSON. */
const PEM = /-----BEGIN[\s\S]*?(-----END[^-]*-----|$)/g;
/** Base64 of a key or a signature, or enough of it to matter, with the lines that follow. */
const BASE64 = /[A-Za-z0-9+/]{32,}={0,2}(\s+[A-Za-z0-9+/]{20,}={0,2})*/g;
/** Two of five characters of base64 are capital letters; of a path, which has the same characters, few are. */
const CAPITALS = 0.2;
const CREDENTIALS = /:\/\/[^/@\s"]*@/g;
const HIDDEN = '(not shown)';

/**
 * Text without keys, signatures and passwords of addresses. What the doctor says is made without them, but it repeats what a venue answered and what a
 * configuration held, and either may hold a secret in the wrong place: a key pasted where its path belongs.
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(PEM, HIDDEN)
    .replace(BASE64, (run) => ((run.match(/[A-Z]/g)?.length ?? 0) < CAPITALS * run.length ? run : HIDDEN))
    .replace(CREDENTIALS, `://${HIDDEN}@`);
