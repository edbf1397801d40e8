import { type Command, Option } from 'commander';
import { liveEdge } from '../../../pipelines/edges/edge.ts';
import { supervisor } from '../../../pipelines/edges/supervisor.ts';
import { urgentCalls } from '../../execution/kalshi/urgent-calls.ts';
import { loadKey } from '../../venues/kalshi/key.ts';
import { kalshiSigner } from '../../venues/kalshi/sign.ts';
import { caught } from '../end-until-caught.ts';
import { errorText } from '../error-text.ts';
import { existingFile } from '../existing-file.ts';
import { liveState, readToken } from '../live-state.ts';
import { readSettings } from '../read-settings.ts';
import { serviceManager } from '../service-manager.ts';
import { integerWithin, UsageError } from '../usage.ts';

interface Flags {
  readonly config?: string;
  readonly state?: string;
  readonly patienceMs: number;
}

/** Signals that end a lane or its terminal. A supervisor ends with its lane's last word, not before. */
const UNHEARD = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Adds `voltage supervise`, which `voltage live` starts beside itself. It reads the lane's beats from stdin,
 * answers each on stdout and logs to stderr.
 */
export function addSupervise(program: Command): void {
  program
    .command('supervise', { hidden: true })
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .option('--state <folder>', "the account's state, as given to voltage live")
    .addOption(
      new Option('--patience-ms <number>', 'the longest silence of a lane that runs')
        .argParser(integerWithin(500, 60_000))
        .default(3_000),
    )
    .action(async (flags: Flags) => {
      caught();
      for (const signal of UNHEARD) process.on(signal, () => {});
      const settings = readSettings(flags.config);
      const files = liveState(settings, flags.state, process.env);
      const key = loadKey(settings.kalshi);
      if (key === undefined || key.kind === 'keyProblem')
        throw new UsageError(key?.why ?? 'a supervisor needs the key of the lane that it watches');
      const token = readToken(files.token);
      if (token === undefined)
        throw new UsageError('a supervisor is started by voltage live, which makes its token first');
      const edge = liveEdge();
      const log = (line: string): void => {
        process.stderr.write(`${new Date().toISOString()} ${line}\n`);
      };
      // An error that nobody foresaw must not end the one process that can still cancel.
      process.on('uncaughtException', (cause) => log(`an error that was not foreseen: ${errorText(cause)}`));
      await supervisor({
        input: process.stdin,
        say: (line) => {
          process.stdout.write(`${JSON.stringify(line)}\n`);
        },
        log,
        call: urgentCalls(edge.http, kalshiSigner(key, edge.wallMillis), settings.kalshi),
        clock: edge.clock,
        socket: files.supervisorSocket,
        halted: files.halted,
        token,
        patienceMs: flags.patienceMs,
        manager: serviceManager(process.env, log),
      });
    });
}
