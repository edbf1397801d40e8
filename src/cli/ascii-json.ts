/** Outside of printable ASCII; also a half of a character beyond U+FFFF. */
const OTHER = /[^ -~]/g;

/**
 * A value as one line of JSON in printable ASCII, which says the same: a control character or a mark of
 * direction in a venue's text cannot act on a terminal that shows the line.
 */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    OTHER,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
