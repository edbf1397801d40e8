import { connect, type Socket } from 'node:net';

/** A raw client of a Unix socket: what it was told, and whether it was ended. */
export interface UnixClient {
  readonly socket: Socket;
  readonly told: () => string;
  /** Resolves when the far end has closed it. */
  readonly closed: Promise<void>;
}

/** Connects; a connection that is refused or reset counts as closed. */
export function unixClient(path: string): UnixClient {
  let text = '';
  const socket = connect(path);
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  return {
    socket,
    told: () => text,
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}
