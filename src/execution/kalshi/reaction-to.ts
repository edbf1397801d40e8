/**
 * What an answer of order entry asks of us. `accepted`: the body says what became of the call. `later`: asked
 * too often; what takes risk away may be sent again, an order may not. `hold`: no order of that scope until a
 * status says otherwise. `stop`: nothing can leave until the operator has seen to it. `lookUp`: the order may
 * exist, so the list of orders is asked. `ended`: the order took nothing and is over; its id is used up.
 * `refused`: not taken, and not to be sent again as it is. `unknown`: the call may have been carried out.
 * Nothing is ever sent again under another id.
 */
export type Reaction =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'later' }
  | { readonly kind: 'hold'; readonly scope: 'market' | 'group' | 'exchange' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'lookUp' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/**
 * Codes by their beginning, since some end in an id (`user_not_found:_…`). Recorded on the demo exchange on
 * 11 June 2026 and reported by live bots; those of a lapsed attestation, of a triggered group and of a closed
 * market were never recorded.
 */
const BY_CODE: readonly (readonly [string, Reaction])[] = [
  ['too_many_requests', { kind: 'later' }],
  ['trading_is_paused', { kind: 'hold', scope: 'market' }],
  ['MARKET_INACTIVE', { kind: 'hold', scope: 'market' }],
  ['market_inactive', { kind: 'hold', scope: 'market' }],
  ['exchange_is_paused', { kind: 'hold', scope: 'exchange' }],
  ['order_group_triggered', { kind: 'hold', scope: 'group' }],
  ['insufficient_balance', { kind: 'stop' }],
  ['user_not_found', { kind: 'stop' }],
  ['authentication_error', { kind: 'stop' }],
  ['signature_is_missing', { kind: 'stop' }],
  ['header_timestamp_expired', { kind: 'stop' }],
  ['api_key_region_attestation_expired', { kind: 'stop' }],
  ['gone', { kind: 'stop' }],
  ['order_already_exists', { kind: 'lookUp' }],
  ['not_found', { kind: 'lookUp' }],
  ['fill_or_kill_insufficient_resting_volume', { kind: 'ended' }],
  ['immediate_or_cancel_insufficient_resting_volume', { kind: 'ended' }],
  ['invalid_', { kind: 'refused' }],
  ['bad_request', { kind: 'refused' }],
  ['validation', { kind: 'refused' }],
];

const REQUEST_TIMEOUT = 408;
const TOO_MANY = 429;
/** Refusals of the key or of the endpoint: the next call would meet the same. */
const FOR_GOOD = new Set([401, 403, 410]);

/**
 * What to do about an answer, by its status and its code (`read-error.ts`). A server error, the venue's own
 * timeout and a code that cannot be read tell nothing about the order; so does every status that is none of
 * 2xx and 4xx.
 */
export function reactionTo(status: number, code: string): Reaction {
  if (status >= 200 && status <= 299) return { kind: 'accepted' };
  if (!(status >= 400 && status <= 499) || status === REQUEST_TIMEOUT) return { kind: 'unknown' };
  if (status === TOO_MANY) return { kind: 'later' };
  const known = BY_CODE.find(([beginning]) => code.startsWith(beginning))?.[1];
  if (known) return known;
  if (FOR_GOOD.has(status)) return { kind: 'stop' };
  if (code === 'unreadable') return { kind: 'unknown' };
  return status === 404 ? { kind: 'lookUp' } : { kind: 'refused' };
}
