import { type Command, Option } from 'commander';
import { defer, filter, NEVER, type Observable, take } from 'rxjs';
import type { Edge } from '../../pipelines/edges/open-feeds.ts';
import type { Settings } from '../config/settings.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { type Fault, parseFault } from '../emulator/transport/fault.ts';
import { every } from '../operators/after.ts';
import { type AssetFile, assetsOption, collectAssetFiles, filesByAsset } from './asset-options.ts';
import { configuredFile, existingFile } from './existing-file.ts';
import { integerWithin, UsageError } from './usage.ts';

/** Flags that live lanes share. */
export interface LiveFlags {
  readonly venues: 'live' | 'emulated';
  readonly tape?: string;
  readonly assets?: readonly string[];
  readonly history?: readonly AssetFile[];
  readonly speed: string;
  readonly fault: readonly Fault[];
  readonly minutes?: number;
  readonly config?: string;
  readonly json?: boolean;
}

const LOOK_MS = 20;
/**
 * Two looks are never so far apart by the wall clock while the process runs. If they are by the stamps, a clock was
 * set or the machine slept.
 */
const LONGEST_LOOK = 10 * SECOND;
const MOST_MINUTES = 100_000;

/** What `--minutes` means in every command. */
export const MINUTES_HELP = "stop after so many minutes of the market's own time";

/** Commander parser that collects faults; exit 2 with the reason for one that cannot be read. */
export const collectFaults = (text: string, before: readonly Fault[]): readonly Fault[] => {
  const fault = parseFault(text);
  if (typeof fault === 'string') throw new UsageError(`--fault: ${fault}`);
  return [...before, fault];
};

/** `--fault`, repeatable. */
export const faultOption = (): Option =>
  new Option(
    '--fault <kind@time+span=value:venue>',
    'let something go wrong at the emulated venues, such as drop@30s:kraken or hole@1m=2:kalshi/fill; repeatable',
  )
    .argParser(collectFaults)
    .default([] as readonly Fault[], 'none');

/** Adds the flags that choose the venues of a live lane. */
export const withVenueOptions = (command: Command): Command =>
  command
    .addOption(new Option('--venues <which>', 'whose prices').choices(['live', 'emulated']).default('live'))
    .addOption(
      new Option(
        '--tape <file>',
        'serve the prices of a recorded tape over sockets, at its own pace',
      ).argParser(existingFile),
    )
    .addOption(assetsOption())
    .addOption(
      new Option('--history <[asset=]csv>', 'one-minute bars that warm the forecast; repeatable').argParser(
        collectAssetFiles,
      ),
    )
    .option('--speed <factor>', 'event time per wall time, for emulated venues and tapes', '1')
    .addOption(faultOption())
    .addOption(new Option('--minutes <n>', MINUTES_HELP).argParser(integerWithin(1, MOST_MINUTES)))
    .addOption(
      new Option('--config <file>', "settings, YAML or JSON, on top of the lane's own").argParser(
        existingFile,
      ),
    )
    .option('--json', 'print the summary as one line of JSON');

/**
 * Emits once the market's own time has moved on by `minutes`; never, without a number. `speed` is that of the market.
 * Time that the stamps jump over, because a clock was set or the machine slept, does not count: nothing was
 * seen of the market in it.
 */
export const afterMinutes = (
  minutes: number | undefined,
  { clock, stamp }: Pick<Edge, 'clock' | 'stamp'>,
  speed: number,
): Observable<unknown> =>
  minutes === undefined
    ? NEVER
    : defer(() => {
        let lastAt = stamp();
        let seen = 0;
        return every(LOOK_MS, clock).pipe(
          filter(() => {
            const at = stamp();
            if (at - lastAt < LONGEST_LOOK * speed) seen += at - lastAt;
            lastAt = at;
            return seen >= minutes * MINUTE;
          }),
          take(1),
        );
      });

/** The requested speed. Throws UsageError for an invalid one. */
export function speedOf({ speed: text, venues, tape }: LiveFlags): number {
  const speed = Number(text);
  if (!(speed >= 0.1 && speed <= 200))
    throw new UsageError(`--speed must be a number from 0.1 to 200, was ${text}`);
  if (speed !== 1 && venues === 'live' && tape === undefined)
    throw new UsageError('--speed is for --venues emulated or --tape: the real market has its own');
  return speed;
}

/**
 * Files of bars by asset: those of `--history`, else the configuration's file, which belongs to the first
 * asset.
 */
export const historyFiles = ({ history }: LiveFlags, settings: Settings): ReadonlyMap<string, string> => {
  const own = settings.backtest.history;
  return filesByAsset(
    '--history',
    history ??
      (own === undefined ? [] : [{ asset: undefined, path: configuredFile('backtest.history', own) }]),
    settings,
  );
};
