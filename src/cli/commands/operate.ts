import { type Command, InvalidArgumentError, Option } from 'commander';
import { askSocket } from '../ask-socket.ts';
import { existingFile } from '../existing-file.ts';
import { haltAccount } from '../halt-account.ts';
import { haltedOffline } from '../halted-offline.ts';
import { type LiveState, liveState, readToken } from '../live-state.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { type ShownStatus, statusLines } from '../status-lines.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly config?: string;
  readonly state?: string;
  readonly json?: boolean;
}

interface ReasonFlags extends Flags {
  readonly reason: string;
}

const MOST_REASON = 500;
/**
 * Nothing else can be asked instead, so a lane on a busy machine gets its time. A halt does not wait so long.
 */
const PATIENCE_MS = 5_000;

const reason = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('say why, in words.');
  if (text.length > MOST_REASON)
    throw new InvalidArgumentError(`${MOST_REASON} characters at most, were ${text.length}.`);
  return text;
};

/** Ends the command with code 1 and a sentence on stderr. */
const refuse = (why: string): void => {
  process.stderr.write(`voltage: ${why}\n`);
  process.exitCode = 1;
};

const NO_LANE = 'no live lane runs with this account and state folder; start one with voltage live';

/** Asks the lane; says why on stderr where it does not answer, or refuses. */
async function askLane(
  files: LiveState,
  name: string,
  why?: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const token = readToken(files.token);
  if (token === undefined) {
    refuse(NO_LANE);
    return undefined;
  }
  const asked = await askSocket({ socketPath: files.socket, token, name, reason: why, beginMs: PATIENCE_MS });
  if (asked.kind === 'answered' && asked.status === 200) return asked.body;
  if (asked.kind === 'answered') refuse(String(asked.body['error'] ?? `the answer was ${asked.status}`));
  else if (asked.kind === 'absent') refuse(NO_LANE);
  else
    refuse(
      `the live lane does not answer (${asked.why}): it may be blocked; voltage halt works without its help`,
    );
  return undefined;
}

async function status(flags: Flags): Promise<void> {
  const files = liveState(readSettings(flags.config), flags.state, process.env);
  const told = (await askLane(files, 'status')) as ShownStatus | undefined;
  const halted = told ? undefined : haltedOffline(files);
  const shown: ShownStatus | undefined =
    told ??
    (halted && {
      mode: 'HALTED',
      reason: halted.reason,
      by: halted.by,
      since: halted.at,
      cashDollars: null,
      positions: null,
      openOrders: null,
      unknownOrders: null,
    });
  if (shown) printResult(shown, flags.json ?? false, statusLines(shown));
}

/** Reads `NAME=VALUE`. */
const lowering = (text: string): string => {
  const [, name, value] = /^([a-zA-Z]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('a limit and its new value, such as openOrdersMax=2.');
  return `${name} ${value}`;
};

interface LimitsFlags extends Flags {
  readonly lower?: string;
  readonly reason?: string;
}

async function limits(flags: LimitsFlags): Promise<void> {
  if (flags.lower !== undefined && flags.reason === undefined)
    throw new UsageError('limits: --lower needs --reason, for the journal');
  const files = liveState(readSettings(flags.config), flags.state, process.env);
  const told =
    flags.lower === undefined
      ? await askLane(files, 'limits')
      : await askLane(files, 'cap', `${flags.lower} ${flags.reason}`);
  if (told)
    printResult(
      told,
      flags.json ?? false,
      Object.entries(told).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    );
}

/** How cancelling ended, as a line; sets the exit code where orders may still rest. */
function cancelledLine(result: Readonly<Record<string, unknown>>): string {
  if (result['kind'] === 'clear') return 'nothing rests at the venue';
  process.exitCode = 1;
  return `orders may still rest at the venue: ${String(result['why'])}`;
}

async function halt(flags: ReasonFlags): Promise<void> {
  const settings = readSettings(flags.config);
  const files = liveState(settings, flags.state, process.env);
  const { through, result, notes } = await haltAccount(files, settings, flags.reason);
  for (const note of notes) process.stderr.write(`voltage: ${note}\n`);
  printResult({ ...result, through }, flags.json ?? false, [
    `HALTED through ${through}: ${cancelledLine(result)}`,
  ]);
}

/** Adds `voltage status`, `halt`, `resume`, `cancel-all`, `reconcile`,
 * `resolve`, `flatten` and `limits`, which speak to a live lane. */
export function addOperate(program: Command): void {
  const named = (name: string): Command =>
    program
      .command(name)
      .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
      .option('--state <folder>', "the account's state, as given to voltage live")
      .option('--json', 'print the answer as one line of JSON');
  const forReason = (name: string): Command =>
    named(name).addOption(
      new Option('--reason <text>', 'why, for the journal').argParser(reason).makeOptionMandatory(),
    );
  const ask = async (
    name: string,
    flags: ReasonFlags,
    line: (answer: Readonly<Record<string, unknown>>) => string,
  ): Promise<void> => {
    const files = liveState(readSettings(flags.config), flags.state, process.env);
    const told = await askLane(files, name, flags.reason);
    if (told) printResult(told, flags.json ?? false, [line(told)]);
  };
  named('status').action(status);
  named('limits')
    .addOption(
      new Option(
        '--lower <name=value>',
        'lower one of them until the lane starts anew, such as openOrdersMax=2',
      ).argParser(lowering),
    )
    .addOption(new Option('--reason <text>', 'why, for the journal').argParser(reason))
    .action(limits);
  forReason('halt').action(halt);
  forReason('resume').action((flags: ReasonFlags) => ask('resume', flags, () => 'the lane may trade again'));
  forReason('cancel-all').action((flags: ReasonFlags) => ask('cancel-all', flags, cancelledLine));
  forReason('reconcile').action((flags: ReasonFlags) =>
    ask('reconcile', flags, ({ result }) => String(result)),
  );
  named('resolve')
    .argument('<scope>', 'the ticker, or account')
    .addOption(new Option('--reason <text>', 'why, for the journal').argParser(reason).makeOptionMandatory())
    .action((scope: string, flags: ReasonFlags) =>
      ask('resolve', { ...flags, reason: `${scope} ${flags.reason}` }, ({ result }) => String(result)),
    );
  forReason('flatten').action((flags: ReasonFlags) => ask('flatten', flags, ({ result }) => String(result)));
}
