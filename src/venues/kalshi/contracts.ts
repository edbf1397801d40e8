import { Observable, type OperatorFunction } from 'rxjs';
import type { FeeTerms } from '../../domain/contracts.ts';
import type { ContractChanged } from '../../domain/events/market.ts';
import type { ContractLifecycle, ContractListed } from '../../domain/events/venue.ts';
import type { Stamped } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { type ContractTerms, completeContract, QUADRATIC, seriesOf } from './complete-contract.ts';
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
    floorUnits: undefined,
    capUnits: undefined,
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
  floorUnits: event.floorUnits ?? terms.floorUnits,
  capUnits: event.capUnits ?? terms.capUnits,
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

/** REST lags the socket: it may end a market or pause it, but not bring back one that has ended. */
function stateAfterListing({ state }: Known, listed: ContractListed['state']): Known['state'] {
  if (state !== 'determined') return listed;
  return listed === 'settled' ? listed : state;
}

const ended = (state: Known['state']): boolean => state === 'determined' || state === 'settled';

/**
 * Builds contracts from Kalshi's lifecycle frames and REST listings: `created` gives the terms, `metadata_updated` the floor of a quarter-hour,
 * `close_date_updated` another close, and so on; each frame overrides only what it carries, a listing all that it names. Fee terms of the event stand
 * above those of the series. Emits a contract when it is complete and whenever its terms, state or result changed, so repeated frames (`settled`
 * comes up to eight times) say nothing new.
 *
 * `active` means not paused: Kalshi sends no frame at open or close, so ask `openAt`, `closeAt` and the clock whether it trades. Other
 * series are ignored. A session forgets everything. A disconnect does not, for terms do not lapse, and what changed meanwhile is listed again.
 */
export function contracts(
  options: { readonly series: readonly string[] } = kalshiSettings.parse({}),
): OperatorFunction<Decoded, ContractChanged> {
  const series = new Set(options.series);
  return (source) =>
    new Observable((to) => {
      const known = new Map<string, Known>();
      const fees = { series: new Map<string, FeeTerms>(), event: new Map<string, FeeTerms>() };

      const feeOf = (ticker: string, { event }: ContractTerms): FeeTerms =>
        fees.event.get(event ?? '') ?? fees.series.get(seriesOf(ticker)) ?? QUADRATIC;
      const settle = ({ at, receivedAt }: Stamped, ticker: string, next: Omit<Known, 'told'>): void => {
        const { terms, state, result } = next;
        const contract = completeContract(ticker, terms, feeOf(ticker, terms));
        const complete = typeof contract !== 'string';
        const told = complete ? JSON.stringify([contract, state, result]) : undefined;
        const before = known.get(ticker)?.told;
        if (state === 'settled') known.delete(ticker);
        else known.set(ticker, { ...next, told });
        if (complete && told !== before)
          to.next({ kind: 'contract', at, receivedAt, contract, state, result });
      };

      return source.subscribe({
        next: (event) => {
          switch (event.kind) {
            case 'gap':
              if (event.venue !== 'kalshi' || event.cause !== 'session') return;
              known.clear();
              fees.series.clear();
              fees.event.clear();
              return;
            case 'contractLifecycle': {
              const { ticker, change } = event;
              if (!series.has(seriesOf(ticker))) return;
              const before = known.get(ticker);
              // The end of a market never known, or already let go, says nothing that could be used.
              if (before === undefined && (change === 'determined' || change === 'settled')) return;
              settle(event, ticker, {
                terms: withFrame(before ?? UNKNOWN, event),
                state: stateAfter(before ?? UNKNOWN, event),
                result: event.result ?? before?.result,
              });
              return;
            }
            case 'contractListed': {
              const { contract } = event;
              if (!series.has(contract.series)) return;
              const before = known.get(contract.ticker);
              if (before === undefined && ended(event.state)) return;
              settle(event, contract.ticker, {
                // A listing may be older than the frame that told the floor.
                terms: { ...contract, floorUnits: contract.floorUnits ?? before?.terms.floorUnits },
                state: stateAfterListing(before ?? UNKNOWN, event.state),
                result: event.result ?? before?.result,
              });
              return;
            }
            case 'feeTerms': {
              const { scope, ticker, fee } = event;
              if (fee) fees[scope].set(ticker, fee);
              else fees[scope].delete(ticker);
              for (const [name, each] of known)
                if (scope === 'series' ? seriesOf(name) === ticker : each.terms.event === ticker)
                  settle(event, name, each);
              return;
            }
            default:
              return;
          }
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
