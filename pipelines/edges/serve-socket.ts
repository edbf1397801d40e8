import { chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { sameToken } from './same-token.ts';

/** What a request is answered with. */
export interface SocketAnswer {
  readonly status: number;
  readonly body: object;
}

/** What can be asked: `GET` reads at once, `POST` acts for a reason. */
export interface SocketRoutes {
  readonly reads: ReadonlyMap<string, () => object>;
  readonly acts: ReadonlyMap<string, (reason: string) => Promise<SocketAnswer>>;
}

/** A socket that is served. */
export interface ServedSocket {
  readonly close: () => Promise<void>;
}

const MOST_BYTES = 4_096;
const MOST_CONNECTIONS = 16;
/** A request comes whole within this; how long its act takes is the act's own. */
const REQUEST_MS = 2_000;
const CHECK_MS = 500;

/** The body; undefined if it is too long. The rest of such a body is not kept. */
const bodyOf = (request: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });

const reasonOf = (text: string): string | SocketAnswer => {
  let reason: unknown;
  try {
    reason = (JSON.parse(text) as { readonly reason?: unknown } | null)?.reason;
  } catch {
    return { status: 400, body: { error: 'the body is no JSON' } };
  }
  return typeof reason === 'string' && reason.trim() !== ''
    ? reason.trim()
    : { status: 400, body: { error: 'a reason is needed' } };
};

const sentence = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * Serves HTTP on a Unix socket that only its owner may open; each request carries the token too. An act is
 * answered by `102 Processing` as soon as it has begun, so that who asks knows that this process runs, and by
 * its result at its end. A socket at `path` that somebody left is replaced at once: the new one is made
 * beside it and takes its name.
 */
export async function serveSocket(
  path: string,
  token: string,
  { reads, acts }: SocketRoutes,
): Promise<ServedSocket> {
  const answerOf = async (request: IncomingMessage, to: ServerResponse): Promise<SocketAnswer> => {
    if (!sameToken(request.headers.authorization ?? '', `Bearer ${token}`))
      return { status: 401, body: { error: 'the token is not that of this process' } };
    const name = (request.url ?? '').slice(1);
    const read = request.method === 'GET' ? reads.get(name) : undefined;
    if (read) return { status: 200, body: read() };
    const act = request.method === 'POST' ? acts.get(name) : undefined;
    if (!act) return { status: 404, body: { error: `there is no ${request.method} /${name.slice(0, 40)}` } };
    const text = await bodyOf(request);
    if (text === undefined) return { status: 413, body: { error: `a request may have ${MOST_BYTES} bytes` } };
    const reason = reasonOf(text);
    if (typeof reason !== 'string') return reason;
    const result = act(reason);
    to.writeProcessing();
    return result;
  };
  const server = createServer(
    { connectionsCheckingInterval: CHECK_MS, headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS },
    (request, to) => {
      void answerOf(request, to)
        .catch((cause: unknown) => ({ status: 500, body: { error: sentence(cause) } }))
        .then(({ status, body }) => {
          if (to.destroyed) return;
          to.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
          to.end(JSON.stringify(body), () => {
            // What is left of a request that was refused is not read.
            if (!request.complete) request.destroy();
          });
        });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  const made = `${path}.${process.pid}`;
  rmSync(made, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(made, resolve);
  });
  chmodSync(made, 0o600);
  const { ino } = statSync(made);
  renameSync(made, path);
  return {
    close: () =>
      new Promise((resolve) => {
        // Another process may have taken the name since.
        if (statSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
