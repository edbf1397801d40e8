import { Observable, type OperatorFunction } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { Contract } from '../../domain/contracts.ts';
import type { ContractChanged } from '../../domain/events/market.ts';
import type { ContractLifecycle, ContractListed, FeeTermsChanged } from '../../domain/events/venue.ts';
import type { Stamped } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { follow } from '../../operators/follow.ts';
import { assetsBySeries } from './assets-by-series.ts';
import { type ContractTerms, completeContract, seriesOf } from './complete-contract.ts';

/** Fee terms as last received. */
type Terms = NonNullable<FeeTermsChanged['fee']>;

interface Known {
  readonly terms: ContractTerms;
  readonly state: ContractChanged['state'];
  readonly result: ContractChanged['result'];
  /** What was emitted last, as text, so that a repetition can be recognised. */
  readonly emitted: string | undefined;
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
    settlesBy: undefined,
  },
  state: 'active',
  result: undefined,
  emitted: undefined,
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
  settlesBy: event.settlesBy ?? terms.settlesBy,
});

/**
 * The state after a lifecycle frame. A determined market does not become active again by a late frame; a
 * settled one is dropped.
 */
function stateAfter({ state }: Known, { change, deactivated }: ContractLifecycle): Known['state'] {
  if (change === 'settled') return 'settled';
  if (change === 'determined' || state === 'determined') return 'determined';
  if (change === 'deactivated' || deactivated === true) return 'inactive';
  if (change === 'activated' || deactivated === false) return 'active';
  return state;
}

/**
 * The state after a listing. REST is behind the socket, so it may end or pause a market but not revive one
 * that has ended.
 */
function stateAfterListing({ state }: Known, listed: ContractListed['state']): Known['state'] {
  if (state !== 'determined') return listed;
  return listed === 'settled' ? listed : state;
}

const ended = (state: Known['state']): boolean => state === 'determined' || state === 'settled';

/**
 * Builds contracts from Kalshi's lifecycle frames and REST listings: `created` gives the terms,
 * `metadata_updated` the floor of a quarter-hour, `close_date_updated` another close, and so on. Each frame
 * or listing overrides only the fields that it has. Fee terms of the event take precedence over those of the
 * series, and these over the asset's own. If none are known, or those that apply cannot be computed, `fee` is
 * undefined and the contract is not traded. A contract is emitted when it is complete, and again whenever its
 * terms, state or result change. Repeated frames emit nothing (`settled` comes up to eight times).
 *
 * `active` means not paused. Kalshi sends no frame at open or close, so whether a contract trades also
 * depends on `openAt`, `closeAt` and the clock. Series of no asset are ignored. A new session forgets
 * everything. A disconnect does not: terms stay valid, and discovery lists the markets again.
 */
export function contracts(assets: readonly Asset[]): OperatorFunction<Decoded, ContractChanged> {
  const bySeries = assetsBySeries(assets);
  return (source) =>
    new Observable((to) => {
      const known = new Map<string, Known>();
      const fees = { series: new Map<string, Terms>(), event: new Map<string, Terms>() };

      const feeOf = (series: string, { event }: ContractTerms, asset: Asset): Contract['fee'] => {
        const fee = fees.event.get(event ?? '') ?? fees.series.get(series) ?? asset.fee;
        return fee === 'unknown' ? undefined : fee;
      };
      const settle = ({ at, receivedAt }: Stamped, ticker: string, next: Omit<Known, 'emitted'>): void => {
        const { terms, state, result } = next;
        const series = seriesOf(ticker);
        const asset = bySeries.get(series);
        if (!asset) return;
        const found = completeContract(ticker, terms, asset);
        const contract: Contract | undefined =
          typeof found === 'string' ? undefined : { ...found, fee: feeOf(series, terms, asset) };
        const emitted = contract && JSON.stringify([contract, state, result]);
        const before = known.get(ticker)?.emitted;
        if (state === 'settled') known.delete(ticker);
        else known.set(ticker, { ...next, emitted });
        if (contract && emitted !== before)
          to.next({ kind: 'contract', at, receivedAt, contract, state, result });
      };

      return follow(source, to, {
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
              if (!bySeries.has(seriesOf(ticker))) return;
              const before = known.get(ticker);
              // The end of a market that is not known, or already dropped, is of no use.
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
              if (!bySeries.has(contract.series)) return;
              const before = known.get(contract.ticker);
              if (before === undefined && ended(event.state)) return;
              settle(event, contract.ticker, {
                // A listing may be older than the frame that gave the floor.
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
