import { defer, ignoreElements, map, merge, type Observable, tap } from 'rxjs';
import type { Settings } from '../src/config/settings.ts';
import type { AuditEvent, Audited, SessionBegan } from '../src/domain/events/audit.ts';
import type { Frame, SessionFrame } from '../src/domain/frame.ts';
import { SECOND } from '../src/domain/time.ts';
import { desk } from '../src/execution/desk/desk.ts';
import type { DeskInput, DeskOutput } from '../src/execution/desk/desk-events.ts';
import { deskOnPaper } from '../src/execution/paper/desk-on-paper.ts';
import { keptBooks } from '../src/execution/paper/paper-books.ts';
import { shadowed } from '../src/execution/paper/shadow.ts';
import { featureRowOf } from '../src/features/rows/minute-row.ts';
import { barFeatures } from '../src/features/sets/bar-features.ts';
import type { Forecaster } from '../src/forecast/serve/forecaster.ts';
import { conflate } from '../src/operators/conflate.ts';
import { core } from '../src/operators/core.ts';
import { route } from '../src/operators/route.ts';
import type { TapeScheduler } from '../src/operators/tape-scheduler.ts';
import { assetOf } from '../src/venues/asset-of.ts';
import type { BookShelf } from '../src/venues/kalshi/books.ts';
import { tickerAudit } from '../src/venues/kalshi/ticker-audit.ts';
import { assemble } from './assemble.ts';
import { type Market, market } from './market.ts';
import { USE, type VenueState } from './routes.ts';

/** One more desk on the graph's market, with settings and an account of its own. */
export interface Beside {
  readonly settings: Pick<Settings, 'risk' | 'pricing' | 'execution'>;
  /** Called with everything that this desk says. */
  readonly tell: (event: DeskOutput) => void;
}

/** What is plugged into the graph's ends. A lane is one choice of these. */
export interface Ports {
  readonly frame$: Observable<Frame>;
  readonly clock: TapeScheduler;
  readonly settings: Settings;
  /** The forecaster of each asset. */
  readonly forecasterOf: (asset: string) => Forecaster;
  /**
   * `paper`: orders meet the market inside the graph. `venue`: a gateway sends them, and frames report what
   * became of them; paper runs beside it and is only compared.
   */
  readonly orders: 'paper' | 'venue';
  /**
   * Further desks, none by default. Each says what a graph with its settings would, and none of it is in the
   * output.
   */
  readonly besides?: readonly Beside[];
}

const ALL_WARM = Math.max(...barFeatures.map((feature) => feature.warmUpMinutes));

const sessionBegan = ({ at, name }: SessionFrame): SessionBegan => ({ kind: 'session', at, name });

/**
 * Turns frames into numbered audit events: decisions and everything that led to them. It follows the diagram
 * of ARCHITECTURE.md arrow by arrow.
 */
export function graph({
  frame$,
  clock,
  settings,
  forecasterOf,
  orders,
  besides = [],
}: Ports): Observable<Audited> {
  const { event: keyOf } = assetOf(settings.assets);
  const warmUpMinutes = Math.max(
    ...settings.assets.map(({ name }) => forecasterOf(name).warmUpMinutes ?? ALL_WARM),
  );
  return defer(() => {
    const shelf: BookShelf = new Map();
    const books = keptBooks((ticker) => shelf.get(ticker)?.book);
    return frame$.pipe(
      assemble(settings, shelf),
      route<VenueState, typeof USE, AuditEvent>(USE, keyOf, (at) => {
        const markets = settings.assets.map((asset, i) =>
          market({ asset, first: i === 0, at, clock, settings, forecaster: forecasterOf(asset.name) }),
        );
        const each = <T>(of: (one: Market) => Observable<T>): Observable<T> => merge(...markets.map(of));

        const known$ = merge(
          at('desk'),
          each(({ print$, doubt$, index$, row$, forecast$ }) =>
            merge(print$, doubt$, index$, row$, forecast$),
          ),
        );
        const decidedBy = (own: Beside['settings']): Observable<DeskOutput> =>
          known$.pipe(
            core<DeskInput, DeskOutput>(clock, (enqueue) => {
              const decide = desk(
                { ...settings, ...own, warmUpMinutes, atVenue: orders === 'venue' },
                () => clock.at,
              );
              return orders === 'paper'
                ? deskOnPaper(decide, own.execution, clock, books, enqueue)
                : shadowed(decide, own.execution, clock, books);
            }),
          );
        const decided$ = decidedBy(settings);
        const beside$ = merge(
          ...besides.map(({ settings: own, tell }) => decidedBy(own).pipe(tap(tell), ignoreElements())),
        );
        return merge(
          at('audit'),
          at('sessions').pipe(map(sessionBegan)),
          each(({ minute$, row$, tickRow$, index$, doubt$, forecast$ }) =>
            merge(
              doubt$,
              minute$,
              row$.pipe(map(featureRowOf)),
              tickRow$,
              index$.pipe(conflate({ clock, everyMicros: SECOND, key: () => 'index' })),
              forecast$,
            ),
          ),
          decided$,
          beside$,
          at('quotes').pipe(tickerAudit()),
          each(({ silence$, late$, jump$ }) => merge(silence$, late$, jump$)),
        );
      }),
      map((event, i) => ({ seq: i + 1, event })),
    );
  });
}
