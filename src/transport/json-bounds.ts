const BACKSLASH = 92;
const COMMA = 44;
const QUOTE = 34;
const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

/**
 * Most characters of a text of a venue. The longest in use is a page of a thousand markets, some five
 * million characters; the longest frame is Kraken's list of instruments, under one million.
 */
export const MOST_CHARACTERS = 8 << 20;

/** Deepest nesting. The deepest in use is seven. */
const MOST_DEPTH = 64;

/** Most members of lists and objects together. A page of a thousand markets has some eighty thousand. */
const MOST_MEMBERS = 250_000;

/**
 * Whether a text has one character more often than `most`, in strings or outside. `indexOf` compares many
 * characters at once, so this costs a fraction of reading them one by one.
 */
function hasMore(text: string, character: string, most: number): boolean {
  let count = 0;
  for (let i = text.indexOf(character); i >= 0; i = text.indexOf(character, i + 1))
    if (++count > most) return true;
  return false;
}

/** True only for a text that is too short, and opens too few lists and objects, to break any bound. */
const isPlain = (text: string): boolean =>
  text.length <= MOST_MEMBERS && !hasMore(text, '{', MOST_DEPTH / 2) && !hasMore(text, '[', MOST_DEPTH / 2);

/**
 * Says which bound a JSON text of a venue breaks, in length, nesting or members, or undefined if none. It
 * allocates nothing, and reads character by character only what is long or opens many lists or objects. A text
 * within the bounds can be parsed, checked and printed without a long pause and without the stack's end.
 */
export function boundBroken(text: string): string | undefined {
  const { length } = text;
  if (length > MOST_CHARACTERS) return `${length} characters, at most ${MOST_CHARACTERS} are read`;
  if (isPlain(text)) return undefined;
  let depth = 0;
  let members = 0;
  for (let i = 0; i < length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        for (i++; i < length; i++) {
          const code = text.charCodeAt(i);
          if (code === BACKSLASH) i++;
          else if (code === QUOTE) break;
        }
        break;
      case COMMA:
        members++;
        break;
      case OPENING_BRACKET:
      case OPENING_BRACE:
        members++;
        if (++depth > MOST_DEPTH) return `nested deeper than ${MOST_DEPTH}`;
        break;
      case CLOSING_BRACKET:
      case CLOSING_BRACE:
        depth--;
        break;
    }
  }
  return members > MOST_MEMBERS ? `${members} members, at most ${MOST_MEMBERS} are read` : undefined;
}
