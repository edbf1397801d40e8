import { type IncomingMessage, request } from 'node:http';
import { createConnection, type Socket } from 'node:net';

/** An answer of a console. */
export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** What is asked of it. `headers` stand above the usual ones. */
export interface ConsoleQuestion {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks a console on loopback once, with any headers. */
export const askConsole = (
  port: number,
  { path, method = 'GET', headers = {}, body }: ConsoleQuestion,
): Promise<ConsoleAnswer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { connection: 'close', ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
        answer.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });

/** Asks for an act as the page does. */
export const act = (
  port: number,
  token: string,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<ConsoleAnswer> =>
  askConsole(port, {
    path: `/api/acts/${name}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ reason: 'the test says so', confirm: name, ...more }),
  });

/** One server-sent event. */
export interface SentEvent {
  readonly kind: string;
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of a console's events. */
export interface EventReader {
  readonly status: Promise<number>;
  readonly events: SentEvent[];
  /** True once the server has ended the connection. */
  readonly ended: () => boolean;
  readonly close: () => void;
}

/** Reads the events of a console, from `lastId` on. */
export function readEvents(
  port: number,
  lastId?: string,
  headers: Readonly<Record<string, string>> = {},
): EventReader {
  const events: SentEvent[] = [];
  let ended = false;
  let rest = '';
  let answered: (status: number) => void = () => {};
  const status = new Promise<number>((resolve) => {
    answered = resolve;
  });
  const asked = request(
    {
      host: '127.0.0.1',
      port,
      path: '/api/events',
      headers: { ...headers, ...(lastId !== undefined && { 'last-event-id': lastId }) },
    },
    (answer) => {
      answered(answer.statusCode ?? 0);
      answer.setEncoding('utf8').on('data', (text: string) => {
        const parts = `${rest}${text}`.split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const field = (name: string): string | undefined =>
            new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
          events.push({
            kind: field('event') ?? '',
            id: field('id'),
            data: JSON.parse(field('data') ?? '{}') as Record<string, unknown>,
          });
        }
      });
      answer.on('error', () => {});
      answer.on('close', () => {
        ended = true;
      });
    },
  );
  asked.on('error', () => {
    ended = true;
  });
  asked.end();
  return { status, events, ended: () => ended, close: () => asked.destroy() };
}

/** Sends bytes to a console as they are; what it answers is in `heard`. */
export function sendRaw(
  port: number,
  text: string,
): { readonly socket: Socket; readonly heard: () => string } {
  let heard = '';
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.setEncoding('utf8').on('data', (part: string) => {
    heard += part;
  });
  socket.on('error', () => {});
  socket.write(text);
  return { socket, heard: () => heard };
}
