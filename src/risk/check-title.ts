/** Name of a check as words: `edgeAfterFee` becomes `edge after fee`. */
export const checkTitle = (check: string): string =>
  check.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2').toLowerCase();
