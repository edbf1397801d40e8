/** The result of a check. `found` is what was seen; `next` is what the operator should do about it. */
export type Verdict =
  | { readonly kind: 'ok'; readonly found: string }
  | { readonly kind: 'warn'; readonly found: string; readonly next: string }
  | { readonly kind: 'fail'; readonly found: string; readonly next: string }
  | { readonly kind: 'skipped'; readonly found: string; readonly next: string };

/** The check passed. */
export const ok = (found: string): Verdict => ({ kind: 'ok', found });

/** It works, but the operator should know something. */
export const warn = (found: string, next: string): Verdict => ({ kind: 'warn', found, next });

/** It does not work; the doctor's exit code is 1. */
export const fail = (found: string, next: string): Verdict => ({ kind: 'fail', found, next });

/** It was not checked. */
export const skipped = (found: string, next: string): Verdict => ({ kind: 'skipped', found, next });
