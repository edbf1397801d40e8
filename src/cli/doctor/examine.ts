import { existsSync } from 'node:fs';
import { AsyncSubject, combineLatest, defer, from, map, type Observable, of, share } from 'rxjs';
import { loadBackbone } from '../../../pipelines/load/load-backbone.ts';
import { openForecaster } from '../../../pipelines/load/open-forecaster.ts';
import type { Environment } from '../../config/load.ts';
import { seriesTickers } from '../../domain/asset.ts';
import { MILLISECOND } from '../../domain/time.ts';
import { verifyJournal } from '../../execution/journal/verify-journal.ts';
import type { Dial } from '../../transport/dial.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Http } from '../../transport/http.ts';
import { loadKey } from '../../venues/kalshi/key.ts';
import { kalshiHosts } from '../../venues/kalshi/settings.ts';
import { kalshiSigner } from '../../venues/kalshi/sign.ts';
import { chosenAsset } from '../asset-option.ts';
import { accountFolder, journalIn } from '../live-state.ts';
import { type Asked, ask } from './ask.ts';
import type { AskDate } from './ask-date.ts';
import { checkBalance, checkLimits } from './check-account.ts';
import { checkLocation, checkScope } from './check-api-key.ts';
import { checkConfig } from './check-config.ts';
import { checkDisk } from './check-disk.ts';
import { checkExchange, shardOf } from './check-exchange.ts';
import { checkInflux, INFLUX_HINT } from './check-influx.ts';
import { checkJournal } from './check-journal.ts';
import { checkKalshiClock, checkKalshiRest, checkKalshiSocket, KALSHI_HINT } from './check-kalshi.ts';
import { checkKey } from './check-key.ts';
import { checkKrakenClock, checkKrakenRest, checkKrakenSocket, KRAKEN_HINT } from './check-kraken.ts';
import { checkLiveLimits } from './check-live-limits.ts';
import { checkModel } from './check-model.ts';
import { checkModels } from './check-models.ts';
import { checkNode } from './check-node.ts';
import { checkSeries } from './check-series.ts';
import { engines } from './engines.ts';
import { type Check, type DoctorRow, runChecks } from './run-checks.ts';
import { fail, skipped, type Verdict } from './verdict.ts';

/** The doctor's access to the world. */
export interface DoctorPorts {
  readonly http: Http;
  readonly dial: Dial;
  readonly askDate: AskDate;
  readonly clock: EdgeClock;
  /** The wall clock that signatures use; it is the clock that is checked. */
  readonly wallMillis: () => number;
  readonly environment: Environment;
  /** As `process.version` gives it. */
  readonly nodeVersion: string;
}

/** What to examine. */
export interface DoctorOptions {
  readonly config?: string | undefined;
  readonly model?: string | undefined;
  /** Folder of the output. */
  readonly out: string;
  /** Folder of the accounts' state; the user's own if undefined. */
  readonly state?: string | undefined;
  /**
   * Whether a lane that sends real orders is about to start. Then what paper can do without must be there,
   * and what could not be checked fails.
   */
  readonly orders?: boolean | undefined;
}

/** Longer than the time limit of one request, so that a request's own reason comes first. */
const LIMIT_MS = 8_000;

const check = (name: string, hint: string, run: () => Verdict): Check => ({
  name,
  hint,
  run: () => of(run()),
});
const check$ = (name: string, hint: string, run: () => Observable<Verdict>): Check => ({ name, hint, run });

/** Without an answer nothing shows that orders may leave. */
const needed =
  (orders: boolean) =>
  (verdict: Verdict): Verdict =>
    orders && verdict.kind === 'skipped' ? fail(verdict.found, verdict.next) : verdict;

/** Makes one request for all rows that read its answer. */
const shared = (asked$: Observable<Asked>): Observable<Asked> =>
  asked$.pipe(share({ connector: () => new AsyncSubject<Asked>(), resetOnComplete: false }));

/**
 * Runs all checks at once and emits one list of rows, in the table's order. It only reads: it sends no order
 * and leaves nothing on the disk. `voltage live` starts only if no row failed.
 */
export function examine(
  { config, model, out, state, orders = false }: DoctorOptions,
  ports: DoctorPorts,
): Observable<readonly DoctorRow[]> {
  return defer(() => {
    const { http, dial, environment } = ports;
    const { verdict, settings } = checkConfig(config, environment);
    const { assets, kraken, kalshi, telemetry } = settings;
    const asset = chosenAsset(settings, undefined);
    const hosts = kalshiHosts(kalshi);
    const key = loadKey(kalshi);
    const signer = key?.kind === 'key' ? kalshiSigner(key, ports.wallMillis) : undefined;
    const ofKalshi = (path: string): Observable<Asked> => shared(ask(ports, `${hosts.restUrl}${path}`));
    const time$ = shared(ask(ports, `${kraken.restUrl.replace(/\/$/, '')}/0/public/Time`));
    const status$ = ofKalshi('/exchange/status');
    const shard$ = ofKalshi(`/series/${assets.flatMap(seriesTickers)[0] ?? ''}`).pipe(map(shardOf));
    const bySigner = (path: string): Observable<Asked> =>
      shared(ask(ports, `${hosts.restUrl}${path}`, signer));
    const needs = needed(orders);
    const unasked = needs(skipped('not asked: there is no usable key', 'see Kalshi key'));
    /** Rows that need a signature. */
    const signed = (
      name: string,
      path: string,
      read: (asked$: Observable<Asked>) => Observable<Verdict>,
    ): Check => check$(name, KALSHI_HINT, () => (signer ? read(bySigner(path)) : of(unasked)));
    const keys$ = bySigner('/api_keys');
    const ofKeys = (name: string, read: (keys: Asked, keyId: string) => Verdict): Check =>
      check$(name, KALSHI_HINT, () =>
        key?.kind === 'key' ? keys$.pipe(map((keys) => read(keys, key.keyId))) : of(unasked),
      );
    const journal = (): Verdict => {
      if (kalshi.keyId === undefined)
        return needs(skipped('an account is told by its key, and there is none', 'see Kalshi key'));
      const path = journalIn(accountFolder(settings, state, environment));
      return checkJournal(path, existsSync(path) ? verifyJournal(path) : undefined);
    };
    return runChecks(
      [
        check('Node', 'reinstall voltage', () => checkNode(ports.nodeVersion, engines())),
        check('configuration', '', () => verdict),
        check$('clock (Kraken)', KRAKEN_HINT, () => time$.pipe(map(checkKrakenClock))),
        check$('clock (Kalshi)', KALSHI_HINT, () =>
          ports.askDate(`${hosts.restUrl}/exchange/status`).pipe(map(checkKalshiClock), map(needs)),
        ),
        check$('Kraken REST', KRAKEN_HINT, () => time$.pipe(map(checkKrakenRest))),
        check$('Kraken WebSocket', KRAKEN_HINT, () => checkKrakenSocket(dial, kraken.wsUrl)),
        check$('Kalshi REST', KALSHI_HINT, () => status$.pipe(map(checkKalshiRest))),
        check$('Kalshi WebSocket', KALSHI_HINT, () => checkKalshiSocket(dial, hosts.wsUrl, signer)),
        check('Kalshi key', '', () => needs(checkKey(key))),
        ofKeys('Kalshi key scope', (keys, keyId) => checkScope(keys, keyId, orders)),
        ofKeys('Kalshi location', (keys) => checkLocation(keys, ports.wallMillis(), orders)),
        signed('Kalshi signature', '/portfolio/balance', (asked$) =>
          combineLatest([asked$, shard$]).pipe(
            map(([balance, shard]) => checkBalance(balance, shard, orders)),
          ),
        ),
        signed('Kalshi limits', '/account/limits', (asked$) => asked$.pipe(map(checkLimits))),
        check$('Kalshi exchange', KALSHI_HINT, () =>
          combineLatest([status$, shard$]).pipe(map(([status, shard]) => checkExchange(status, shard))),
        ),
        check$('Kalshi series', KALSHI_HINT, () =>
          ofKalshi('/series?category=Crypto').pipe(map((asked) => checkSeries(asked, assets))),
        ),
        check('backbone', '', () => checkModel(() => loadBackbone(model, asset.name))),
        check$('models', '', () =>
          from(checkModels(() => openForecaster(asset, {}, ports.wallMillis() * MILLISECOND))),
        ),
        check('live limits', '', () => needs(checkLiveLimits(settings.execution.live))),
        check('journal', '', journal),
        check$('disk', 'choose another folder with --out', () => from(checkDisk(out))),
        check$('InfluxDB', INFLUX_HINT, () =>
          checkInflux(http, environment['INFLUX_URL'] ?? telemetry.influxUrl),
        ),
      ],
      ports.clock,
      LIMIT_MS,
    );
  });
}
