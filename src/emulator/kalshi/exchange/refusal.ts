import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';

/** An answer with a JSON body. */
export const jsonAnswer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});

const nested = (status: number, code: string, message: string, details?: string): EmulatedAnswer =>
  jsonAnswer({ error: { code, message, ...(details !== undefined && { details }) } }, status);

/**
 * Refusals of order entry. Those without a remark have the bodies recorded on the demo exchange on 11 June
 * 2026 (less `service`, which went in August 2026); the others were never recorded: their status and code are
 * our reading of the documentation.
 */
export const refusals = {
  badRequest: (details: string): EmulatedAnswer =>
    jsonAnswer({ code: 'bad_request', message: 'bad request', details }, 400),
  notFound: (): EmulatedAnswer => nested(404, 'not_found', 'not found'),
  duplicate: (): EmulatedAnswer => nested(409, 'order_already_exists', 'order already exists'),
  insufficient: (): EmulatedAnswer => nested(400, 'insufficient_balance', 'insufficient balance'),
  invalidPrice: (): EmulatedAnswer => nested(400, 'invalid_price', 'invalid price'),
  invalidOrder: (details: string): EmulatedAnswer => nested(400, 'invalid_order', 'invalid order', details),
  /** Unrecorded. */
  invalidParameters: (details: string): EmulatedAnswer =>
    nested(400, 'invalid_parameters', 'invalid parameters', details),
  /** Unrecorded: the documentation has only this code. */
  marketInactive: (): EmulatedAnswer => nested(409, 'MARKET_INACTIVE', 'market inactive'),
  /** Reported by live bots, for the exchange and for one halted market (30 July 2026). */
  tradingPaused: (): EmulatedAnswer => nested(409, 'trading_is_paused', 'trading is paused'),
  /** Unrecorded. */
  exchangePaused: (): EmulatedAnswer => nested(409, 'exchange_is_paused', 'exchange is paused'),
  /** Unrecorded: that trading is refused is documented, the status and the code are our reading. */
  attestationLapsed: (): EmulatedAnswer =>
    nested(403, 'api_key_region_attestation_expired', 'location attestation has expired'),
  /** Unrecorded: the order writes of before V2 answer 410 since the summer of 2026. */
  gone: (): EmulatedAnswer => nested(410, 'gone', 'this endpoint was removed, use /portfolio/events/orders'),
  /** Unrecorded. */
  unfillable: (): EmulatedAnswer =>
    nested(
      409,
      'fill_or_kill_insufficient_resting_volume',
      'fill or kill order has insufficient resting volume',
    ),
  /** Unrecorded. */
  groupTriggered: (): EmulatedAnswer =>
    nested(409, 'order_group_triggered', 'order group was triggered and not reset'),
} as const;
