import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EmulatedAnswer, EmulatedRequest, EmulatedVenue } from './emulated-venue.ts';
import type { Faults, FaultVenue } from './faults.ts';
import { refusedVisitor } from './visitor.ts';

/** A venue that is served on the loopback interface. */
export interface Served {
  /** `ws://127.0.0.1:port` and `http://127.0.0.1:port`, without a path. */
  readonly wsUrl: string;
  readonly httpUrl: string;
  readonly close: () => Promise<void>;
}

/** Options of serving a venue. */
export interface ServeOptions {
  readonly venue: FaultVenue;
  /** 0 takes any free port. */
  readonly port: number;
  readonly faults: Faults;
  /** Answers paths under `/emulator/`; undefined for another path. */
  readonly control?: (request: EmulatedRequest) => EmulatedAnswer | undefined;
}

const HOST = '127.0.0.1';
const PING_MS = 10_000;
/**
 * Bytes that a client may leave unread. Beyond that, Kalshi ends the subscription and the socket. Kraken
 * queues; we queue up to this limit.
 */
const MOST_UNREAD = 16 << 20;
/** Most bytes of a request's body, and of a client's message. */
const MOST_BODY = 1 << 20;
/** Time that a client may take to send a request. */
const REQUEST_MS = 15_000;
const MOST_SOCKETS = 512;

const requestOf = (incoming: IncomingMessage, body: string): EmulatedRequest => ({
  method: incoming.method ?? 'GET',
  path: incoming.url ?? '/',
  headers: Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join() : value,
    ]),
  ),
  body,
});
/** The body; undefined if it is too long. The rest of such a body is not kept. */
const bodyOf = (incoming: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BODY) {
        chunks.length = 0;
        resolve(undefined);
      } else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    incoming.on('error', reject);
    if (Number(incoming.headers['content-length']) > MOST_BODY) resolve(undefined);
  });

/**
 * Serves REST and WebSocket of an emulated venue on one port of 127.0.0.1, with the faults between them and
 * the clients.
 */
export async function serve(
  emulated: EmulatedVenue<never>,
  { venue, port, faults, control }: ServeOptions,
): Promise<Served> {
  const write = (response: ServerResponse, { status, body }: Omit<EmulatedAnswer, 'kind'>): void => {
    response.writeHead(status, {
      'content-type': body.startsWith('{') ? 'application/json' : 'text/plain',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const stranger = refusedVisitor(incoming);
    if (stranger !== undefined) {
      write(response, { status: 403, body: stranger });
      return;
    }
    const body = await bodyOf(incoming);
    if (body === undefined) {
      write(response, { status: 413, body: 'request too large' });
      return;
    }
    const request = requestOf(incoming, body);
    const controlled = control?.(request);
    if (controlled) {
      write(response, controlled);
      return;
    }
    const verdict = faults.http(venue, request);
    if (verdict === 'tooMany') write(response, { status: 429, body: '{"error":"too many requests"}' });
    else if (verdict === 'serverError') write(response, { status: 503, body: 'service unavailable' });
    else {
      const given = emulated.http(request);
      // A `noAnswer` call is accepted but not answered; the client's own time-out ends it.
      if (verdict === 'answer') write(response, given);
      if (verdict === 'errorAfterAccept') write(response, { status: 503, body: 'service unavailable' });
    }
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((cause: unknown) => {
      if (!response.headersSent && !response.destroyed) write(response, { status: 500, body: String(cause) });
    });
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  server.maxConnections = MOST_SOCKETS;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MOST_BODY });

  const join = (socket: WebSocket, incoming: IncomingMessage): EmulatedAnswer | undefined => {
    const pipe = faults.socket(venue, {
      say: (text) => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > MOST_UNREAD) {
          if (venue === 'kalshi')
            socket.send('{"type":"error","msg":{"code":25,"msg":"Subscription buffer overflow"}}\n');
          socket.close(1008, 'slow consumer');
          return;
        }
        socket.send(text);
      },
      end: () => socket.terminate(),
    });
    const peer = emulated.upgrade(requestOf(incoming, ''), pipe);
    if (peer.kind === 'answer') {
      pipe.left();
      return peer;
    }
    socket.on('message', (data) => peer.hear(String(data)));
    const ping = setInterval(() => socket.ping('heartbeat'), PING_MS);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(ping);
      pipe.left();
      peer.left();
    });
    return undefined;
  };
  /**
   * The venue decides before the handshake, as the exchanges do: a trial upgrade without a socket shows
   * whether it refuses.
   */
  const refusal = (incoming: IncomingMessage): EmulatedAnswer | undefined => {
    const stranger = refusedVisitor(incoming);
    if (stranger !== undefined) return { kind: 'answer', status: 403, body: stranger };
    const trial = emulated.upgrade(requestOf(incoming, ''), { say: () => {}, end: () => {} });
    if (trial.kind === 'answer') return trial;
    trial.left();
    return undefined;
  };
  server.on('upgrade', (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A client that leaves in the middle is no error of ours.
    stream.on('error', () => stream.destroy());
    const refused = refusal(incoming);
    if (!refused) {
      sockets.handleUpgrade(incoming, stream, head, (socket) => join(socket, incoming));
      return;
    }
    const { status, body } = refused;
    stream.end(
      `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    wsUrl: `ws://${HOST}:${taken}`,
    httpUrl: `http://${HOST}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
