import { boundBroken } from './json-bounds.ts';

/** Parses a venue's text as JSON; undefined if it is not JSON or breaks a bound of `boundBroken`. */
export function jsonOf(text: string): unknown {
  if (boundBroken(text) !== undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
