/** The token of an address's fragment: what follows `#` and is no place of the page. */
export const tokenOf = (hash: string): string | undefined => {
  const text = hash.replace(/^#/, '');
  return text === '' || text.startsWith('/') ? undefined : text;
};
