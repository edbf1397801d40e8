import type {
  ContractBookChanged,
  ContractChanged,
  KrakenBookChecked,
  SpotTop,
} from '../src/domain/events/market.ts';
import type { Decoded } from '../src/operators/decode.ts';
import type { Visiting } from '../src/operators/route.ts';

/** The state of the venues: their own events, and the books and contracts built from them. */
export type VenueState = Decoded | KrakenBookChecked | SpotTop | ContractBookChanged | ContractChanged;

/**
 * Where each kind of event goes. `assemble` lists the stops in the graph's first half (`assemble.ts`): `pass`
 * forwards an event as it is, the others build from it. `use` lists the stops in the second half
 * (`market.ts`, `graph.ts`). A missing kind, or one too many, does not compile.
 */
const ROUTES = {
  krakenBook: { assemble: ['spotBooks'], use: [] },
  krakenInstrument: { assemble: ['spotBooks'], use: [] },
  krakenOhlc: { assemble: ['pass'], use: ['twin', 'minutes'] },
  spotTrade: { assemble: ['trades'], use: ['audit', 'ticks', 'twin', 'desk'] },
  heartbeat: { assemble: ['pass'], use: ['desk'] },
  venueStatus: { assemble: ['pass'], use: ['audit', 'desk'] },
  acknowledgement: { assemble: ['pass', 'books', 'spotBooks'], use: ['audit'] },
  rejected: { assemble: ['pass'], use: ['audit'] },
  gap: {
    assemble: ['pass', 'trades', 'spotBooks', 'books', 'contracts'],
    use: ['audit', 'minutes', 'ticks', 'twin', 'seconds', 'desk'],
  },
  recovered: { assemble: ['pass'], use: ['audit'] },
  connection: { assemble: ['pass'], use: ['audit'] },
  clock: { assemble: ['pass'], use: ['audit', 'desk'] },
  stampOffset: { assemble: ['pass'], use: ['desk'] },
  session: { assemble: ['pass'], use: ['sessions', 'minutes'] },
  outcome: { assemble: ['pass'], use: ['audit', 'desk'] },
  command: { assemble: ['pass'], use: ['audit', 'desk'] },
  carried: { assemble: ['pass'], use: ['audit', 'desk'] },
  remoteForecast: { assemble: ['pass'], use: ['remoteForecasts'] },
  indexPrint: { assemble: ['pass', 'books'], use: ['twin', 'prints'] },
  contractSnapshot: { assemble: ['books'], use: [] },
  contractDelta: { assemble: ['books'], use: [] },
  contractTicker: { assemble: ['pass'], use: ['quotes', 'desk'] },
  contractTrade: { assemble: ['pass', 'books'], use: ['audit', 'desk'] },
  contractLifecycle: { assemble: ['books', 'contracts'], use: [] },
  contractListed: { assemble: ['contracts', 'pass'], use: ['twin'] },
  feeTerms: { assemble: ['contracts'], use: [] },
  orderSubmitted: { assemble: ['pass'], use: ['desk'] },
  orderUnknown: { assemble: ['pass'], use: ['desk'] },
  orderResting: { assemble: ['pass'], use: ['desk'] },
  orderDone: { assemble: ['pass'], use: ['desk'] },
  orderRejected: { assemble: ['pass'], use: ['desk'] },
  fill: { assemble: ['pass'], use: ['desk'] },
  venueBalance: { assemble: ['pass'], use: ['audit', 'desk'] },
  venuePositions: { assemble: ['pass'], use: ['audit', 'desk'] },
  venuePosition: { assemble: ['pass'], use: ['audit', 'desk'] },
  venueAsOf: { assemble: ['pass'], use: ['audit', 'desk'] },
  venueOrders: { assemble: ['pass'], use: ['audit', 'desk'] },
  cashMoved: { assemble: ['pass'], use: ['audit', 'desk'] },
  venueSettlement: { assemble: ['pass'], use: ['audit', 'desk'] },
  orderGroup: { assemble: ['pass'], use: ['audit', 'desk'] },
  krakenBookChecked: { assemble: [], use: ['audit', 'ticks', 'spotBook', 'desk'] },
  spotTop: { assemble: [], use: ['audit', 'twin'] },
  contractBook: { assemble: [], use: ['audit', 'ticks', 'quotes', 'desk'] },
  contract: { assemble: [], use: ['audit', 'ticks', 'twin', 'desk'] },
} as const satisfies {
  readonly [Kind in VenueState['kind']]: {
    readonly assemble: readonly string[];
    readonly use: readonly string[];
  };
};

type Half<Name extends 'assemble' | 'use'> = {
  readonly [Kind in keyof typeof ROUTES]: (typeof ROUTES)[Kind][Name];
};

const half = <Name extends 'assemble' | 'use'>(name: Name): Half<Name> =>
  Object.fromEntries(Object.entries(ROUTES).map(([kind, stops]) => [kind, stops[name]])) as Half<Name>;

/** The stops of each kind in the first half. */
export const ASSEMBLE = half('assemble');

/** The stops of each kind in the second half. */
export const USE = half('use');

const TOLD: ReadonlySet<string> = new Set(
  Object.entries(USE)
    .filter(([, stops]) => (stops as readonly string[]).includes('audit'))
    .map(([kind]) => kind),
);

/** Whether the graph publishes an event of the venues as it is. */
export const isPublished = (event: VenueState): event is Visiting<VenueState, typeof USE, 'audit'> =>
  TOLD.has(event.kind);
