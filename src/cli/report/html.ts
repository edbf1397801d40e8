/** Text that is HTML already. Everything else is escaped where it is put in. */
export interface Html {
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

type Part = string | number | undefined | Html | readonly Html[];

const text = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replace(/[&<>"']/g, (char) => ESCAPES[char] as string);
  return 'html' in part ? part.html : part.map(({ html }) => html).join('');
};

/** HTML of a template: what is put in is escaped unless it is HTML already. */
export const html = (parts: TemplateStringsArray, ...values: readonly Part[]): Html => ({
  html: parts.map((part, i) => `${part}${i < values.length ? text(values[i]) : ''}`).join(''),
});

/** Text that is known to be HTML, such as a drawing that was made here. */
export const trusted = (made: string): Html => ({ html: made });

/** A table; cells that are numbers in words are set to the right by `numeric`, the first column left. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
  caption?: string,
): Html {
  if (rows.length === 0) return html`<p class="none">None.</p>`;
  return html`<div class="wide"><table>${caption === undefined ? [] : html`<caption>${caption}</caption>`}<thead><tr>${head.map(
    (cell) => html`<th scope="col">${cell}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell ?? '–'}</td>`))}</tr>`,
  )}</tbody></table></div>`;
}
