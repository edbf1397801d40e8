import { type Command, Option } from 'commander';
import { firstValueFrom } from 'rxjs';
import { startEmulation } from '../../../pipelines/edges/start-emulation.ts';
import { readWholeTape } from '../../../pipelines/load/read-whole-tape.ts';
import { MILLISECOND, MINUTE, type Micros } from '../../domain/time.ts';
import type { Fault } from '../../emulator/transport/fault.ts';
import { existingFile } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { readSettings } from '../read-settings.ts';
import { integerWithin, UsageError, utc } from '../usage.ts';
import { faultOption } from '../venue-options.ts';

interface Flags {
  readonly krakenPort: number;
  readonly kalshiPort: number;
  readonly seed?: string;
  readonly tape?: string;
  readonly speed: string;
  readonly fault: readonly Fault[];
  readonly startAt?: Micros;
  readonly config?: string;
}

const port = integerWithin(0, 65_535);

/** Adds `voltage emulate`. */
export function addEmulate(program: Command): void {
  program
    .command('emulate')
    .addOption(new Option('--kraken-port <port>', '0 takes a free one').argParser(port).default(0))
    .addOption(new Option('--kalshi-port <port>', '0 takes a free one').argParser(port).default(0))
    .option('--seed <text>', 'another market; the same seed gives the same market')
    .addOption(
      new Option('--tape <file>', 'serve what a tape recorded, at its own times').argParser(existingFile),
    )
    .option('--speed <factor>', 'event time per wall time', '1')
    .addOption(faultOption())
    .addOption(new Option('--start-at <utc>', "the market's first minute (default: now)").argParser(utc))
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .action(async (flags: Flags) => {
      const speed = Number(flags.speed);
      if (!(speed >= 0.1 && speed <= 1_000))
        throw new UsageError(`--speed must be a number from 0.1 to 1000, was ${flags.speed}`);
      const read = readSettings(flags.config);
      const startAt = flags.startAt;
      if (startAt !== undefined && startAt % MINUTE !== 0)
        throw new UsageError('--start-at must be a whole minute such as 2026-06-01T13:30:00Z');
      const settings = {
        ...read,
        emulator: {
          ...read.emulator,
          ...(flags.seed !== undefined && { seed: flags.seed }),
          ...(startAt !== undefined && { startAt: new Date(startAt / MILLISECOND).toISOString() }),
        },
      };
      const stop$ = interrupts();
      const running = await startEmulation({
        settings,
        krakenPort: flags.krakenPort,
        kalshiPort: flags.kalshiPort,
        speed,
        faults: flags.fault,
        tape: flags.tape === undefined ? undefined : await readWholeTape(flags.tape),
        fromNow: startAt === undefined,
      });
      const { krakenWs, krakenRest, kalshiWs, kalshiRest, kalshiKeyId, kalshiPrivateKeyPath, controlToken } =
        running;
      process.stdout.write(
        `${JSON.stringify({ krakenWs, krakenRest, kalshiWs, kalshiRest, kalshiKeyId, kalshiPrivateKeyPath, controlToken })}\n`,
      );
      process.stderr.write('SIMULATED  emulated venues on loopback; stop with Ctrl-C or SIGTERM\n');
      await firstValueFrom(stop$);
      await running.stop();
    });
}
