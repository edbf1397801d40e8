/**
 * Joins `parts` by `gap` into lines of at most `width` characters. A part that is longer than a line is broken
 * between its words, and a word that is longer than a line is cut. Lines after the first begin with `indent`.
 */
export function wrap(
  parts: readonly string[],
  width: number,
  { gap = ' ', indent = '' }: { readonly gap?: string; readonly indent?: string } = {},
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const put = (part: string, by: string): boolean => {
    const longer = line === '' ? `${lines.length > 0 ? indent : ''}${part}` : `${line}${by}${part}`;
    if (longer.length > width) return false;
    line = longer;
    return true;
  };
  const turn = (): void => {
    if (line !== '') lines.push(line);
    line = '';
  };
  const fits = (part: string): boolean => indent.length + part.length <= width;
  for (const part of parts) {
    if (put(part, gap)) continue;
    if (fits(part)) {
      turn();
      put(part, gap);
      continue;
    }
    part.split(' ').forEach((word, i) => {
      const by = i === 0 ? gap : ' ';
      if (put(word, by)) return;
      turn();
      if (!put(word, by)) put(word.slice(0, Math.max(0, width - indent.length)), by);
    });
  }
  turn();
  return lines;
}
