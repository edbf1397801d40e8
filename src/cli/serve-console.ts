import { consoleFiles } from '../../pipelines/edges/console-files.ts';
import {
  type ConsoleOptions,
  consoleServer,
  type ServedConsole,
} from '../../pipelines/edges/console-server.ts';
import type { ConsoleSettings } from '../config/console-settings.ts';
import { isLoopback } from '../transport/is-loopback.ts';
import { pageFolder } from './page-folder.ts';
import { UsageError } from './usage.ts';

const USUAL_PORT = 7_007;

/** What a console needs of its lane. `say` tells the operator a line. */
export type ServeConsole = Pick<ConsoleOptions, 'feed' | 'decision' | 'acts' | 'replay' | 'token'> & {
  readonly settings: ConsoleSettings;
  /** As the command line says; above the settings. */
  readonly port: number | undefined;
  readonly say: (line: string) => void;
  /** Where the token lies, for a lane whose words others read; it is then not told. */
  readonly tokenFile?: string | undefined;
};

const codeOf = (cause: unknown): string => String((cause as NodeJS.ErrnoException).code ?? cause);

/**
 * Serves a console and tells its address. The usual port gives way to a free one where it is taken; a port
 * that was asked for does not. Throws UsageError if that one cannot be listened on. Undefined where none can:
 * the lane goes on, and the reason was told.
 */
export async function serveConsole({
  settings,
  port,
  say,
  tokenFile,
  ...own
}: ServeConsole): Promise<ServedConsole | undefined> {
  const { host } = settings;
  const asked = port ?? settings.port;
  const loopback = isLoopback(host === '::1' ? '[::1]' : host);
  const at = (on: number): Promise<ServedConsole> =>
    consoleServer({
      ...own,
      host,
      port: on,
      tokenForReading: settings.tokenForReading || !loopback,
      page: consoleFiles(pageFolder()),
      onProblem: say,
    });
  let served: ServedConsole;
  try {
    served = await at(asked ?? USUAL_PORT).catch((cause: unknown) => {
      if (asked !== undefined || codeOf(cause) !== 'EADDRINUSE') throw cause;
      say(`port ${USUAL_PORT} is taken, so the console has another`);
      return at(0);
    });
  } catch (cause) {
    const why = `the console cannot listen on ${host} port ${asked ?? USUAL_PORT}: ${codeOf(cause)}`;
    if (asked !== undefined)
      throw new UsageError(`${why}; choose another by --console-port, or --no-console for none`);
    say(`there is no console: ${why}`);
    return undefined;
  }
  say(
    tokenFile === undefined
      ? `console: ${served.address}#${own.token}`
      : `console: ${served.address} (for acts, add # and the token in ${tokenFile})`,
  );
  if (!loopback)
    say(
      `note: the console listens on ${host}, where other machines may reach it, unencrypted; its token is needed for everything, and a tunnel of SSH is safer (docs/console.md)`,
    );
  return served;
}
