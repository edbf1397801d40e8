import type { IncomingMessage } from 'node:http';

/** What a `Host` header names. `port` is empty where it names none. */
export interface NamedHost {
  readonly hostname: string;
  readonly port: string;
}

const hostOf = (text: string): NamedHost | undefined => {
  const address = `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port, username, pathname, search, hash } = new URL(address);
  return username === '' && pathname === '/' && search === '' && hash === '' && !/[@/]/.test(text)
    ? { hostname, port }
    : undefined;
};

/**
 * What is wrong with a request that comes from a page of the web, undefined if nothing is. Such a page can
 * reach this machine through a name that its owner points there (DNS rebinding), but then the request names
 * that host, or the page by its `Origin`. Programs name the address itself and send no `Origin`.
 */
export function strangeVisitor(
  { headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  isOurs: (host: NamedHost) => boolean,
): 'host' | 'origin' | undefined {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  const { host, origin } = headers;
  const named = host === undefined ? undefined : hostOf(host);
  if (hosts !== 1 || named === undefined || !isOurs(named)) return 'host';
  return origin === undefined || origin === `http://${host}` ? undefined : 'origin';
}
