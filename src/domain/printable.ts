/** Control characters, bidirectional marks, half characters, and separators of lines. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;
/** Marks that pile up on one letter. */
const PILE = /(\p{M}{2})\p{M}+/gu;
const MOST = 500;
/** What most texts are: nothing to change. */
const ASCII = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * A text of a venue or of a file as one printable line of at most `most` characters, for a screen, a log and a
 * message. What could move the cursor, turn the line around or end it becomes a space.
 */
export const printable = (text: string, most = MOST): string => {
  if (text.length <= most && ASCII.test(text)) return text;
  const short = text.length > 4 * most ? text.slice(0, 4 * most) : text;
  const line = short.replace(UNPRINTABLE, ' ').replace(PILE, '$1').trim();
  return line.length > most ? `${line.slice(0, most - 1).replace(/\p{Cs}$/u, '')}…` : line;
};
