import { HIDDEN } from './redactor.ts';

/** A private key as text, whole or cut off; with real line ends or with those of JSON. */
const PEM = /-----BEGIN[\s\S]*?(-----END[^-]*-----|$)/g;
/** Base64 of a key or a signature, or a long part of it, with the lines that follow. */
const BASE64 = /[A-Za-z0-9+/]{32,}={0,2}(\s+[A-Za-z0-9+/]{20,}={0,2})*/g;
/**
 * Share of capital letters above which a text counts as base64. Base64 has two in five; a path, which has the
 * same characters, has few.
 */
const CAPITALS = 0.2;
/** To the last `@` of the word: a password may hold one too, and a slash. */
const CREDENTIALS = /:\/\/[^\s"<>]*@/g;

/**
 * Text without what has the shape of a key, a signature or a password in an address. It is for texts that are
 * not ours: answers of venues that refuse, and parts of the configuration. Either may hold a secret in the
 * wrong place, such as a key where its path belongs.
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(PEM, HIDDEN)
    .replace(BASE64, (run) => ((run.match(/[A-Z]/g)?.length ?? 0) < CAPITALS * run.length ? run : HIDDEN))
    .replace(CREDENTIALS, `://${HIDDEN}@`);
