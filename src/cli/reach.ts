import { connect } from 'node:net';

const PATIENCE_MS = 1_500;

/**
 * Tries to open a connection to the host of `address` and closes it again. Resolves within two seconds: to
 * undefined where somebody answers, else to one sentence that says what is not reached and why.
 */
export function reach(address: string): Promise<string | undefined> {
  const { hostname, port, protocol } = new URL(address);
  const standard = protocol === 'https:' || protocol === 'wss:' ? 443 : 80;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || standard });
    const end = (why: string | undefined): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve(why && `no network: ${hostname} is not reached (${why}); check the connection, trying goes on`);
    };
    const patience = setTimeout(() => end(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    socket.once('connect', () => end(undefined));
    socket.once('error', (cause: NodeJS.ErrnoException) => end(cause.code ?? cause.message));
  });
}
