import { token } from './token.ts';

/**
 * Asks the lane, with the operator's token where this tab has one. A lane that is reached from another machine
 * wants it for reading too.
 */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const known = token();
  const headers = new Headers(init.headers);
  if (known !== undefined) headers.set('authorization', `Bearer ${known}`);
  return fetch(path, { ...init, headers });
}
