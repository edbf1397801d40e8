/** A text as SQL has it, in quotes. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
