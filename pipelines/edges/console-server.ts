import type { Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { DecisionView } from '../../src/console/state.ts';
import { isLoopback } from '../../src/transport/is-loopback.ts';
import { type NamedHost, strangeVisitor } from '../../src/transport/strange-visitor.ts';
import { type ConsoleActs, doAct } from './console-acts.ts';
import type { ConsoleFeed } from './console-feed.ts';
import type { PageFile } from './console-files.ts';
import { sameToken } from './same-token.ts';

/** Where a replay stands. Times are event times in microseconds. */
export interface ReplayState {
  readonly from: number;
  readonly until: number;
  readonly at: number;
  readonly playing: boolean;
  /** Event time a second of wall time. */
  readonly speed: number;
  /** Share of the recording that was read, from 0 to 1. `until` grows until it is 1. */
  readonly loaded: number;
}

/** Where a replay is to go, and how; what is undefined stays. */
export interface Steering {
  readonly at?: number | undefined;
  readonly playing?: boolean | undefined;
  readonly speed?: number | undefined;
}

/** A replay that can be steered. */
export interface Replay {
  readonly read: () => ReplayState;
  readonly steer: (to: Steering) => void;
}

/** What a console is served with. */
export interface ConsoleOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Needed for each act, and for reading too if `tokenForReading`. */
  readonly token: string;
  readonly tokenForReading: boolean;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly feed: ConsoleFeed;
  readonly decision: (id: number) => DecisionView | undefined;
  /** What can be done now. A lane that has not begun offers nothing yet. */
  readonly acts: () => ConsoleActs;
  readonly replay?: Replay | undefined;
  /** Told a sentence when connections cannot be taken, such as without free file handles. */
  readonly onProblem: (why: string) => void;
  /** Most readers of events at a time, and most connections. */
  readonly mostReaders?: number;
  readonly mostConnections?: number;
  /** A request comes whole within this many milliseconds. */
  readonly requestMs?: number;
}

/** A console that is served. */
export interface ServedConsole {
  readonly port: number;
  /** Such as `http://127.0.0.1:7007/`, without the token. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

const MOST_BYTES = 4_096;
const MOST_READERS = 32;
const MOST_CONNECTIONS = 96;
/** A lane that loads its models on a busy machine is blocked for seconds: no fault of the visitor. */
const REQUEST_MS = 30_000;
const CHECK_MS = 1_000;
const KEEP_ALIVE_MS = 5_000;
const MOST_HEADER_BYTES = 8_192;

/** No origin but our own, no frame around us, nothing kept, and no address told to others. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const UNBUILT =
  'The page of the console is not built: run `npm run build` and start again. The state is at /api/state.\n';

const replayBody = z.strictObject({
  at: z.number().finite().optional(),
  playing: z.boolean().optional(),
  speed: z.number().min(0.1).max(100_000).optional(),
});

/** An address as it stands in a URL. */
const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** Whether a page that names this host is ours: no name that somebody else's server may answer for. */
const ours = (host: string, port: () => number): ((named: NamedHost) => boolean) => {
  const bound = inUrl(host).toLowerCase();
  return (named) =>
    (named.port === '' ? 80 : Number(named.port)) === port() &&
    (isLoopback(named.hostname) ||
      (!isLoopback(bound) &&
        (named.hostname === bound || isIP(named.hostname.replace(/^\[|\]$/g, '')) !== 0)));
};

/**
 * Serves the console: `GET /` and the page's files; `GET /api/state`, `/api/events` (server-sent events),
 * `/api/decisions/ID` and `/api/token` (whether the asker's is good); `POST /api/acts/ACT`; in a replay `GET` and `POST /api/replay`. Reading needs no token
 * unless it is asked for. Requests of other pages, large and slow ones are refused; connections are bounded.
 * It keeps no process alive. Rejects
 * with the cause if the address cannot be listened on.
 */
export async function consoleServer(options: ConsoleOptions): Promise<ServedConsole> {
  const { host, token, page, feed, replay } = options;
  const { mostReaders = MOST_READERS, requestMs = REQUEST_MS } = options;
  let port = options.port;
  const isOurs = ours(host, () => port);
  const app = new Hono<{ Bindings: HttpBindings }>();
  const refuse = (
    c: Context,
    status: 400 | 401 | 403 | 404 | 413 | 415 | 500 | 503,
    error: string,
  ): Response => c.json({ error }, status);
  const hasToken = (c: Context): boolean => sameToken(c.req.header('authorization') ?? '', `Bearer ${token}`);
  const json = async (c: Context): Promise<{ readonly value: unknown } | Response> => {
    if (!/^application\/json(\s*;|$)/i.test(c.req.header('content-type') ?? ''))
      return refuse(c, 415, 'the content type must be application/json');
    try {
      return { value: await c.req.json() };
    } catch {
      return refuse(c, 400, 'the body is no JSON');
    }
  };

  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    const strange = strangeVisitor(c.env.incoming, isOurs);
    if (strange === 'host')
      return refuse(
        c,
        403,
        'this console answers to the address that it printed, and the Host header names another',
      );
    if (strange === 'origin') return refuse(c, 403, 'this console answers no page of another origin');
    return next();
  });
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => refuse(c, 413, `a request may have ${MOST_BYTES} bytes`),
  });

  app.post('/api/acts/:act', limit, async (c) => {
    if (!hasToken(c))
      return refuse(c, 401, 'the token is not that of this run: open the address that it printed');
    const body = await json(c);
    if (body instanceof Response) return body;
    const { status, body: answer } = await doAct(options.acts(), c.req.param('act'), body.value);
    return c.json(answer, status);
  });

  // A page that outlives its lane asks whether its token is still good, since each demo makes another.
  app.get('/api/token', (c) => c.json({ good: hasToken(c) }));
  app.use('/api/*', async (c, next) =>
    options.tokenForReading && !hasToken(c)
      ? refuse(c, 401, 'here the token is needed for reading too: open the address that was printed')
      : next(),
  );
  app.get('/api/state', (c) =>
    c.body(new Uint8Array(feed.state()), 200, { 'content-type': 'application/json' }),
  );
  app.get('/api/events', (c) => {
    if (feed.readers() >= mostReaders)
      return refuse(c, 503, `${mostReaders} pages read this console already; close one`);
    const { outgoing } = c.env;
    return c.body(
      feed.stream({ lastId: c.req.header('last-event-id'), drop: () => outgoing.destroy() }),
      200,
      { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked', 'x-accel-buffering': 'no' },
    );
  });
  app.get('/api/decisions/:id{[0-9]{1,15}}', (c) => {
    const decision = options.decision(Number(c.req.param('id')));
    return decision
      ? c.json(decision)
      : refuse(c, 404, 'this decision is no longer kept here; decisions.ndjson of the run has all of them');
  });
  if (replay) {
    app.get('/api/replay', (c) => c.json(replay.read()));
    app.post('/api/replay', limit, async (c) => {
      const body = await json(c);
      if (body instanceof Response) return body;
      const read = replayBody.safeParse(body.value);
      if (!read.success)
        return refuse(
          c,
          400,
          'the body must be {at?, playing?, speed?}: microseconds, true or false, 0.1 to 100000',
        );
      replay.steer(read.data);
      return c.json(replay.read());
    });
  }
  app.get('*', (c) => {
    const file = page.get(c.req.path);
    if (file) return c.body(file.bytes, 200, { 'content-type': file.type });
    return c.req.path === '/' ? c.text(UNBUILT, 503) : c.notFound();
  });
  app.notFound((c) => refuse(c, 404, 'there is nothing here'));
  app.onError((cause, c) => refuse(c, 500, cause.message));

  const server = createAdaptorServer({
    fetch: app.fetch,
    // The lane's own fetch stays that of Node.
    overrideGlobalObjects: false,
    serverOptions: {
      connectionsCheckingInterval: Math.min(CHECK_MS, requestMs),
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MOST_HEADER_BYTES,
    },
  }) as Server;
  // It watches: who waits for nothing else may end.
  server.unref().on('connection', (socket) => socket.unref());
  server.maxConnections = options.mostConnections ?? MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', ({ message }) => options.onProblem(`the console: ${message}`));
      resolve();
    });
  });
  port = (server.address() as AddressInfo).port;
  return {
    port,
    address: `http://${inUrl(host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
