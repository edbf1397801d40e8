import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../transport/is-loopback.ts';

/** The host of a header's `host:port`, undefined if it is none. */
const hostOf = (text: string): string | undefined => {
  const address = `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, username, pathname, search, hash } = new URL(address);
  return username === '' && pathname === '/' && search === '' && hash === '' && !/[@/]/.test(text)
    ? hostname
    : undefined;
};

/**
 * Why a request may not be answered, undefined if it may. A page of the web can reach loopback through a name
 * that its owner points there (DNS rebinding), but then the request names that host, or the page by its
 * `Origin`. Programs name loopback itself and send no `Origin`.
 */
export function refusedVisitor({ headers, rawHeaders }: IncomingMessage): string | undefined {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  const { host, origin } = headers;
  const hostname = host === undefined ? undefined : hostOf(host);
  if (hosts !== 1 || hostname === undefined || !isLoopback(hostname))
    return 'the emulator answers to 127.0.0.1, [::1] and localhost only, and the Host header names another';
  return origin === undefined || origin === `http://${host}`
    ? undefined
    : 'the emulator answers no page of another origin';
}
