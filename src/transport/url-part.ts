/**
 * A text as one segment of a path, or as one value of a query: what would end it is escaped, half a character
 * becomes U+FFFD, and a segment that would climb (`.`, `..`) or vanish is written so that it cannot.
 */
export const urlPart = (text: string): string => {
  const escaped = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
  return /^\.*$/.test(escaped) ? `${escaped}%20` : escaped;
};
