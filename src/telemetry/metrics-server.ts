import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../transport/is-loopback.ts';
import { OPEN_METRICS_TYPE } from './open-metrics.ts';

/** A server of the last values. */
export interface MetricsServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const HOST = '127.0.0.1';
const REQUEST_MILLIS = 5000;
const MOST_CONNECTIONS = 16;

const end = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
};

/** The name before the port in a Host header; undefined if it is none. */
const hostOf = (header: string | undefined): string | undefined => {
  const url = `http://${header ?? ''}`;
  return header !== undefined && URL.canParse(url) && new URL(url).host === header.toLowerCase()
    ? new URL(url).hostname
    : undefined;
};

/**
 * Serves `GET /metrics` on the loopback interface. A Host that is not this machine's own name is refused, so
 * that no page of another origin can read it by a name that it lets point here. Rejects if the port is taken.
 */
export async function serveMetrics(port: number, text: () => string): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const host = hostOf(request.headers.host);
    if (host === undefined || !isLoopback(host)) return end(response, 421, 'this host is not served here');
    if (request.url?.split('?', 1)[0] !== '/metrics') return end(response, 404, 'there is /metrics alone');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, 'only GET is answered');
    response.writeHead(200, { 'content-type': OPEN_METRICS_TYPE, 'cache-control': 'no-store' });
    return response.end(request.method === 'HEAD' ? undefined : text());
  });
  server.requestTimeout = REQUEST_MILLIS;
  server.headersTimeout = REQUEST_MILLIS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.unref();
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
