import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { firstValueFrom, merge } from 'rxjs';
import { controlSocket } from '../../../pipelines/edges/control-socket.ts';
import { liveEdge } from '../../../pipelines/edges/edge.ts';
import type { ServedSocket } from '../../../pipelines/edges/serve-socket.ts';
import { startSupervisor } from '../../../pipelines/edges/start-supervisor.ts';
import { live } from '../../../pipelines/lanes/live.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import type { Settings } from '../../config/settings.ts';
import { lockAccount } from '../../execution/journal/account-lock.ts';
import { openJournal } from '../../execution/journal/journal.ts';
import { createCall } from '../../execution/kalshi/create-call.ts';
import { discreetHttp } from '../../transport/discreet-http.ts';
import { readyHttp } from '../../transport/ready-http.ts';
import { assetsOption, collectAssetFiles, withChosenAssets } from '../asset-options.ts';
import { type ConsoleFlags, withConsoleOptions } from '../console-options.ts';
import { describeRun } from '../describe-run.ts';
import { fetchDate } from '../doctor/ask-date.ts';
import { examine } from '../doctor/examine.ts';
import type { DoctorRow } from '../doctor/run-checks.ts';
import { table } from '../doctor/table.ts';
import { existingFile, outFolder } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { freshToken, keptToken, liveState } from '../live-state.ts';
import { openVenues, sessionName } from '../live-venues.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { screenLine } from '../screen-line.ts';
import { superviseCommand } from '../supervise-command.ts';
import { integerWithin, UsageError } from '../usage.ts';
import { afterMinutes, historyFiles, type LiveFlags, MINUTES_HELP } from '../venue-options.ts';
import { watchLane } from '../watch-lane.ts';

interface Flags
  extends ModelFlags,
    ConsoleFlags,
    Pick<LiveFlags, 'assets' | 'history' | 'minutes' | 'config' | 'json'> {
  readonly live?: boolean;
  readonly yesRealMoney?: boolean;
  readonly environment?: Settings['kalshi']['environment'];
  readonly state?: string;
  readonly record?: string;
  readonly out?: string;
  readonly leaveOrders?: boolean;
}

const MARK = 'LIVE';
const MOST_MINUTES = 100_000;
const COLUMNS = 140;
const CONFIRMATION = 'real money';

/** The settings of a run, with the exchange that the flags name. */
function settingsOf(flags: Flags): Settings {
  const settings = withModels(withChosenAssets(readSettings(flags.config), flags.assets), flags);
  return flags.environment === undefined
    ? settings
    : { ...settings, kalshi: { ...settings.kalshi, environment: flags.environment } };
}

/**
 * Refuses to go on if anything that real orders need is not there. It asks twice, since one lost answer is no
 * reason. That is no UsageError: the venue may answer later, and a service tries again.
 */
async function refuseUnfit(flags: Flags, settings: Settings, stateFolder: string): Promise<void> {
  const edge = liveEdge();
  const ask = async (): Promise<readonly DoctorRow[]> => {
    const rows = await firstValueFrom(
      examine(
        { config: flags.config, out: flags.out ?? stateFolder, state: flags.state, orders: true },
        {
          ...edge,
          askDate: fetchDate(edge.wallMillis),
          environment: { ...process.env, KALSHI_ENVIRONMENT: settings.kalshi.environment },
          nodeVersion: process.version,
        },
      ),
    );
    return rows.filter(({ kind }) => kind === 'fail');
  };
  const failed = (await ask()).length === 0 ? [] : await ask();
  if (failed.length === 0) return;
  throw new Error(
    [
      `live: ${failed.length} of the doctor's checks failed, and no order leaves before they pass (voltage doctor shows all):`,
      ...table(failed, process.stderr.columns ?? COLUMNS),
    ].join('\n'),
  );
}

/** Asks the operator in words, unless a service has said yes. */
async function confirmed({ yesRealMoney = false }: Flags, settings: Settings): Promise<void> {
  if (yesRealMoney) return;
  if (!process.stdin.isTTY)
    throw new UsageError('live: nobody is there to confirm; a service says so with --yes-real-money');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `Orders will be sent to Kalshi (${settings.kalshi.environment}) with ${settings.label} settings. Type "${CONFIRMATION}" to go on: `,
    );
    if (answer.trim() !== CONFIRMATION) throw new UsageError('live: not confirmed, so nothing was started');
  } finally {
    terminal.close();
  }
}

/** Adds `voltage live`. */
export function addLive(program: Command): void {
  addModelOptions(
    withConsoleOptions(
      program
        .command('live')
        .option('--live', 'needed: orders leave this machine')
        .option('--yes-real-money', 'confirm without being asked, for services')
        .addOption(
          new Option('--environment <which>', 'which exchange, above the configuration').choices([
            'demo',
            'prod',
          ]),
        )
        .option(
          '--state <folder>',
          "where the account's journal is kept (default: the user's own state folder)",
        )
        .option('--leave-orders', 'a regular end leaves orders at the venue instead of cancelling them')
        .addOption(assetsOption())
        .addOption(
          new Option(
            '--history <[asset=]csv>',
            'one-minute bars that warm the forecast; repeatable',
          ).argParser(collectAssetFiles),
        )
        .addOption(new Option('--minutes <n>', MINUTES_HELP).argParser(integerWithin(1, MOST_MINUTES)))
        .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
        .addOption(
          new Option(
            '--record <folder>',
            'keep a tape of all that came in; it replays to the same decisions',
          ).argParser(outFolder),
        )
        .addOption(
          new Option(
            '--out <folder>',
            'write decisions.ndjson, orders.ndjson, fills.ndjson and summary.json there',
          ).argParser(outFolder),
        )
        .option('--json', 'print the summary as one line of JSON'),
    ),
  ).action(async (flags: Flags) => {
    const { json = false } = flags;
    const stop$ = interrupts();
    if (!flags.live)
      throw new UsageError('live: real orders leave only with --live; voltage paper sends none');
    const chosen = settingsOf(flags);
    const limits = chosen.execution.live;
    if (!limits)
      throw new UsageError('live: the configuration must state execution.live, the limits of real orders');
    const files = liveState(chosen, flags.state, process.env);
    const lock = lockAccount(files.lock);
    if (lock.kind === 'busy') throw new UsageError(`live: ${lock.why}`);
    try {
      await refuseUnfit(flags, chosen, dirname(files.journal));
      await confirmed(flags, chosen);
      const venues = await openVenues(chosen, {
        venues: 'live',
        history: historyFiles({ venues: 'live', speed: '1', fault: [], ...flags }, chosen),
        speed: 1,
        faults: [],
        stop$,
      });
      const { settings, key } = venues;
      if (!key)
        throw new UsageError('live: there is no Kalshi key: set kalshi.keyId and kalshi.privateKeyPath');
      const name = sessionName('live', new Date());
      // Before the console's address is told, for it holds the loop.
      const forecasters = await openForecasters(settings.assets, flags, venues.edge.stamp());
      const watch = await watchLane({
        kind: 'live',
        quiet: json,
        lane: { mark: MARK, name, speed: 1 },
        settings,
        flags,
        token: {
          text: keptToken(files.consoleToken),
          file: files.consoleToken,
          shown: process.stderr.isTTY ?? false,
        },
      });
      for (const line of [...forecasters.describe, ...venues.problems])
        process.stderr.write(`${MARK}  ${screenLine(line)}\n`);
      const token = freshToken(files.token);
      const supervisor = await startSupervisor({
        ...superviseCommand(settings, flags, limits.supervisorPatienceMs, process.env),
        log: files.supervisorLog,
        clock: venues.edge.clock,
      });
      const journal = openJournal(files.journal);
      const ready = readyHttp({ ...createCall(settings.kalshi), ...venues.edge });
      let socket: ServedSocket | undefined;
      try {
        const summary = await live({
          settings,
          limits,
          forecasterOf: forecasters.of,
          models: forecasters.identities,
          edge: venues.edge,
          orderHttp: discreetHttp(ready.http),
          key,
          journal,
          halted: files.halted,
          supervisor,
          history: venues.history,
          name,
          record: flags.record,
          out: flags.out,
          leaveOrders: flags.leaveOrders ?? false,
          opened: async (controls) => {
            socket = await controlSocket(files.socket, token, controls);
            watch.control(controls);
          },
          tap: watch.tap,
          paint: watch.paint,
          queues: watch.queues,
          stop$: merge(stop$, afterMinutes(flags.minutes, venues.edge, 1)),
        });
        watch.clear();
        printResult(summary, json, ['', `${MARK}: real orders were sent.`, ...describeRun(summary)]);
      } finally {
        watch.clear();
        ready.close();
        await socket?.close();
        journal.close();
        await venues.close();
        await watch.close();
      }
    } finally {
      lock.release();
    }
  });
}
