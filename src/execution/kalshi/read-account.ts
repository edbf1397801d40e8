import { lastValueFrom, type Observable, toArray } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { Fill } from '../../domain/events/order.ts';
import type { CodecEvent } from '../../domain/events/venue.ts';
import { type Cash, cash } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { totalCash } from '../../portfolio/against-venue.ts';
import type { KalshiAnswer } from '../../venues/kalshi/rest.ts';
import { kalshiRestDecoder } from '../../venues/kalshi/rest-codec.ts';

/** The account as the venue states it, before a lane begins. */
export interface AccountRead {
  readonly kind: 'read';
  readonly asOf: Micros;
  readonly cash: Cash;
  /** Cost of the open positions. */
  readonly paid: Cash;
  /** Matches since the time that was asked for. */
  readonly fills: readonly Fill[];
  /** Deposits less withdrawals after a time. */
  readonly movedSince: (at: Micros) => Cash;
}

/** Why the account could not be read, as a sentence. */
export interface AccountUnread {
  readonly kind: 'unread';
  readonly why: string;
}

const only = <K extends CodecEvent['kind']>(events: readonly CodecEvent[], kind: K) =>
  events.filter((event): event is Extract<CodecEvent, { readonly kind: K }> => event.kind === kind);

/** Reads one whole round of the account and decodes it as a lane does. */
export async function readAccount(
  round$: Observable<KalshiAnswer>,
  assets: readonly Asset[],
  stamp: () => Micros,
): Promise<AccountRead | AccountUnread> {
  const decode = kalshiRestDecoder({ assets });
  const answers = await lastValueFrom(round$.pipe(toArray()));
  const events: CodecEvent[] = [];
  for (const answer of answers) {
    if (answer.kind !== 'ok') return { kind: 'unread', why: answer.why };
    events.push(...decode(answer.resource, answer.text, stamp()));
  }
  const rejected = only(events, 'rejected')[0];
  if (rejected) return { kind: 'unread', why: rejected.why };
  const balance = only(events, 'venueBalance').at(-1);
  const positions = only(events, 'venuePositions').at(-1);
  const asOf = only(events, 'venueAsOf').at(-1);
  if (!balance || !positions || !asOf)
    return { kind: 'unread', why: 'the venue did not tell its time, our cash or our positions' };
  const moves = new Map(only(events, 'cashMoved').map((move) => [move.id, move]));
  return {
    kind: 'read',
    asOf: asOf.asOf,
    cash: totalCash(balance.byShard),
    paid: cash(positions.positions.reduce((sum, { paid }) => sum + paid, 0)),
    fills: only(events, 'fill'),
    movedSince: (at) => {
      let sum = 0;
      for (const move of moves.values())
        if (move.appliedAt > at) sum += move.change === 'deposit' ? move.cash : -move.cash;
      return cash(sum);
    },
  };
}
