import { z } from 'zod';

/** A long list may break a schema a hundred thousand times; the first reasons say enough. */
const MOST_ISSUES = 3;

/** The first reasons why a schema refused a value, on one line. */
export const schemaSentence = ({ issues }: z.ZodError): string =>
  z.prettifyError({ issues: issues.slice(0, MOST_ISSUES) }).replaceAll(/\s*\n\s*/g, ' ');
