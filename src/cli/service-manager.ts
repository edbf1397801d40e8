import { spawn } from 'node:child_process';
import type { ServiceManager } from '../../pipelines/edges/supervisor.ts';

/** Four words within the time after which systemd takes the service for dead. */
const WORDS_WITHIN = 4;
/** systemd that does not answer must not pile up processes. */
const MOST_RUNNING = 3;

/**
 * systemd, if it started this service and waits for its words (`NOTIFY_SOCKET`, `WATCHDOG_USEC`). Each word is
 * sent by its own tool, since Node has no sockets of datagrams. `failed` is told why a word was not sent.
 */
export function serviceManager(
  variables: NodeJS.ProcessEnv,
  failed: (why: string) => void,
): ServiceManager | undefined {
  if (!variables['NOTIFY_SOCKET']) return undefined;
  const micros = Number(variables['WATCHDOG_USEC']);
  let running = 0;
  return {
    everyMs: micros > 0 ? micros / 1_000 / WORDS_WITHIN : undefined,
    tell: (word) => {
      if (running >= MOST_RUNNING) return;
      running++;
      const child = spawn('systemd-notify', [word], { env: variables, stdio: 'ignore' });
      const end = (why?: string): void => {
        running--;
        if (why !== undefined) failed(`systemd was not told ${word}: ${why}`);
      };
      child.once('error', ({ message }) => end(message));
      child.once('exit', (code, signal) => end(code === 0 ? undefined : `${signal ?? `code ${code}`}`));
    },
  };
}
