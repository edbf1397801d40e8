import { urlPart } from './url-part.ts';

/** What stands in the place of a secret. */
export const HIDDEN = '(not shown)';

/** Characters in a row of a long secret that are hidden wherever they stand. */
const PIECE = 12;
/** A secret shorter than this is hidden only where it stands alone: it may be part of a common word. */
const SHORT = 6;

/** The forms in which a program may repeat a text: as it is, in JSON, in an address, and in base64. */
const formsOf = (secret: string): readonly string[] => {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    urlPart(secret),
    secret.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ];
};

type Span = readonly [from: number, until: number];

/** Every place of a short form. */
const wholes = (text: string, form: string): readonly Span[] => {
  const spans: Span[] = [];
  const alone = (at: number): boolean =>
    form.length >= SHORT || !(/\w/.test(text.charAt(at - 1)) || /\w/.test(text.charAt(at + form.length)));
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
    if (alone(at)) spans.push([at, at + form.length]);
  return spans;
};

/** Every place of a part of a long form. A part of 23 characters holds a whole piece, wherever it begins. */
const parts = (text: string, form: string): readonly Span[] => {
  const spans: Span[] = [];
  for (let offset = 0; offset + PIECE <= form.length; offset += PIECE) {
    const piece = form.slice(offset, offset + PIECE);
    for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + PIECE)) {
      let from = at;
      for (let i = offset; i > 0 && from > 0 && text[from - 1] === form[i - 1]; i--) from--;
      let until = at + PIECE;
      for (let i = offset + PIECE; i < form.length && text[until] === form[i]; i++) until++;
      spans.push([from, until]);
    }
  }
  return spans;
};

/**
 * A function that hides secrets in a text, in the forms in which a venue or a proxy repeats them. Of a secret
 * of 24 characters and more, a part of 23 is hidden too, since answers are often cut. An empty secret is none.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))];
  return (text) => {
    const spans = forms.flatMap((form) => (form.length < 2 * PIECE ? wholes(text, form) : parts(text, form)));
    if (spans.length === 0) return text;
    let output = '';
    let at = 0;
    for (const [from, until] of [...spans].sort(([a], [b]) => a - b)) {
      if (from >= at) output += `${text.slice(at, from)}${HIDDEN}`;
      at = Math.max(at, until);
    }
    return output + text.slice(at);
  };
}
