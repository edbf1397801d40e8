import { withoutSecrets } from '../transport/without-secrets.ts';
import { screenLine } from './screen-line.ts';

/** An error's message for stderr, line by line, without what has the shape of a secret. */
export const errorText = (cause: unknown): string =>
  withoutSecrets(cause instanceof Error ? cause.message : String(cause))
    .split(/\r?\n/)
    .map(screenLine)
    .join('\n');
