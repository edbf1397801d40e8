import { Observable, type OperatorFunction } from 'rxjs';
import type { ContractChanged } from '../../domain/events/market.ts';
import type { ContractLifecycle } from '../../domain/events/venue.ts';
import type { Decoded } from '../../operators/decode.ts';
import { type ContractTerms, completeContract, seriesOf } from './complete-contract.ts';
import { kalshiSettings } from './settings.ts';

interface Known {
  readonly terms: ContractTerms;
  readonly state: ContractChanged['state'];
  readonly result: ContractChanged['result'];
  /** What was emitted last, as text, to tell a change from a repetition. */
  readonly told: string | undefined;
}

const UNKNOWN: Known = {
  terms: {
    event: undefined,
    strikeType: undefined,
    floorCents: undefined,
    capCents: undefined,
    openAt: undefined,
    closeAt: undefined,
    tickBands: undefined,
    exchangeIndex: undefined,
  },
  state: 'active',
  result: undefined,
  told: undefined,
};

const withFrame = ({ terms }: Known, event: ContractLifecycle): ContractTerms => ({
  event: event.event ?? terms.event,
  strikeType: event.strikeType ?? terms.strikeType,
  floorCents: event.floorCents ?? terms.floorCents,
  capCents: event.capCents ?? terms.capCents,
  openAt: event.openAt ?? terms.openAt,
  closeAt: event.closeAt ?? terms.closeAt,
  tickBands: event.tickBands ?? terms.tickBands,
  exchangeIndex: event.exchangeIndex ?? terms.exchangeIndex,
});

/** A determined market is never active again, whatever comes late; a settled one is let go. */
function stateAfter({ state }: Known, { change, deactivated }: ContractLifecycle): Known['state'] {
  if (change === 'settled') return 'settled';
  if (change === 'determined' || state === 'determined') return 'determined';
  if (change === 'deactivated' || deactivated === true) return 'inactive';
  if (change === 'activated' || deactivated === false) return 'active';
  return state;
}

/**
 * Builds contracts from Kalshi's lifecycle frames: `created` gives the terms, `metadata_updated` the floor of a quarter-hour,
 * `close_date_updated` another close, and so on; each frame overrides only what it carries. Emits a contract when it is complete and
 * whenever its terms, state or result changed, so repeated frames (`settled` comes up to eight times) say nothing new.
 *
 * `active` means not paused: Kalshi sends no frame at open or close, so ask `openAt`, `closeAt` and the clock whether it trades. Other
 * series are ignored. A session forgets everything. A disconnect does not, for terms do not lapse, but what changed meanwhile has to be
 * read by REST (`contractFromMarket`).
 */
export function contracts(
  options: { readonly series: readonly string[] } = kalshiSettings.parse({}),
): OperatorFunction<Decoded, ContractChanged> {
  const series = new Set(options.series);
  return (source) =>
    new Observable((to) => {
      const known = new Map<string, Known>();
      return source.subscribe({
        next: (event) => {
          if (event.kind === 'gap' && event.venue === 'kalshi' && event.cause === 'session') known.clear();
          if (event.kind !== 'contractLifecycle' || !series.has(seriesOf(event.ticker))) return;
          const { at, receivedAt, ticker, change } = event;
          const before = known.get(ticker);
          // The end of a market never known, or already let go, says nothing that could be used.
          if (before === undefined && (change === 'determined' || change === 'settled')) return;
          const terms = withFrame(before ?? UNKNOWN, event);
          const state = stateAfter(before ?? UNKNOWN, event);
          const result = event.result ?? before?.result;
          const contract = completeContract(ticker, terms);
          const complete = typeof contract !== 'string';
          const told = complete ? JSON.stringify([contract, state, result]) : undefined;
          if (state === 'settled') known.delete(ticker);
          else known.set(ticker, { terms, state, result, told });
          if (complete && told !== before?.told)
            to.next({ kind: 'contract', at, receivedAt, contract, state, result });
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
