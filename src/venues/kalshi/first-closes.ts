import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { type Contract, isAnother } from '../../domain/contracts.ts';
import type { ContractLifecycle, ContractListed } from '../../domain/events/venue.ts';
import type { Micros, Stamped } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { follow } from '../../operators/follow.ts';
import { acknowledgement } from './reading.ts';

type Span = Pick<Contract, 'openAt' | 'closeAt'>;

/** The contract that a ticker stands for, and a later one that has the same ticker. */
interface Known {
  span: Span;
  later: Span | undefined;
  determined: boolean;
}

/** More tickers than are listed in two days. */
const MOST_KEPT = 20_000;

const spanOf = ({
  openAt,
  closeAt,
}: {
  readonly [Field in keyof Span]: Micros | undefined;
}): Span | undefined => (openAt === undefined || closeAt === undefined ? undefined : { openAt, closeAt });

/**
 * Whether a lifecycle frame without terms is about the contract that its ticker stands for. It names no
 * close, so once a later contract is known this is sure only in the first one's own time: its terms until its
 * close, its result while it has none and the later one is still open.
 */
function isOfFirst({ span, later, determined }: Known, { change, receivedAt }: ContractLifecycle): boolean {
  if (later === undefined) return true;
  if (change === 'settled') return receivedAt < later.closeAt;
  if (change === 'determined') return !determined && receivedAt < later.closeAt;
  return receivedAt < Math.min(span.closeAt, later.openAt);
}

/**
 * Keeps apart two contracts of one ticker. A contract is its ticker and its close, but Kalshi's messages name
 * only the ticker. It holds New York's local time, and in autumn an hour of that comes twice. A ticker
 * therefore stands for the first close that it was known by: what tells of a later contract of the same
 * ticker is dropped, except for its number in the sequence, and the contract is told as `rejected`, once. A
 * session forgets everything. All other events pass.
 */
export function firstCloses(): MonoTypeOperatorFunction<Decoded> {
  return (source) =>
    new Observable((to) => {
      const tickers = new Map<string, Known>();

      /** True for an event of the contract that the ticker stands for. */
      const isFirst = (ticker: string, span: Span | undefined, { receivedAt }: Stamped): boolean => {
        const known = tickers.get(ticker);
        if (span === undefined) return true;
        if (!known || !isAnother(known.span, span)) {
          if (known) known.span = span;
          else tickers.set(ticker, { span, later: undefined, determined: false });
          if (tickers.size > MOST_KEPT) for (const [oldest] of tickers) return tickers.delete(oldest);
          return true;
        }
        if (known.later?.closeAt === span.closeAt) return false;
        known.later = span;
        to.next({
          kind: 'rejected',
          at: receivedAt,
          receivedAt,
          venue: 'kalshi',
          why: 'contract: its ticker stands for another close already; this one is not followed',
          excerpt: `${ticker}: closes at ${span.closeAt} µs; the ticker stands for ${known.span.closeAt} µs`,
        });
        return false;
      };
      const onLifecycle = (event: ContractLifecycle): void => {
        const { ticker, sid, seq, receivedAt, change } = event;
        const known = tickers.get(ticker);
        if (isFirst(ticker, spanOf(event), event) && (!known || isOfFirst(known, event))) {
          if (known && change === 'determined') known.determined = true;
          to.next(event);
        } else to.next({ ...acknowledgement('market_lifecycle_v2', receivedAt), symbol: ticker, sid, seq });
      };
      const onListed = (event: ContractListed): void => {
        const { contract, state } = event;
        if (!isFirst(contract.ticker, contract, event)) return;
        const known = tickers.get(contract.ticker);
        if (known && (state === 'determined' || state === 'settled')) known.determined = true;
        to.next(event);
      };

      return follow(source, to, {
        next: (event) => {
          if (event.kind === 'contractLifecycle') onLifecycle(event);
          else if (event.kind === 'contractListed') onListed(event);
          else {
            if (event.kind === 'gap' && event.cause === 'session') tickers.clear();
            to.next(event);
          }
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
