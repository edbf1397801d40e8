import type { z } from 'zod';
import type { Acknowledgement, CodecEvent } from '../../domain/events/venue.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import { decimal } from './decimal.ts';

/** The result of reading a frame: an event, or the reason why there is none. */
export type Reading = CodecEvent | string;

/** Reads with the schema, or returns which field is wrong. */
export function parsed<T>(schema: z.ZodType<T>, frame: unknown, then: (value: T) => Reading): Reading {
  const { success, data, error } = schema.safeParse(frame);
  if (success) return then(data);
  const legacy = legacyForm(frame) ? 'legacy integer-cent frame; ' : '';
  const issue = error.issues[0];
  return `${legacy}${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`;
}

/**
 * The form that ended on 12 March 2026: counts and prices as integers without the `_fp` and `_dollars` keys.
 */
function legacyForm(frame: unknown): boolean {
  const msg = typeof frame === 'object' && frame !== null ? (frame as { msg?: unknown }).msg : undefined;
  if (typeof msg !== 'object' || msg === null) return false;
  const modern = Object.keys(msg).some((key) => key.endsWith('_fp'));
  return !modern && ['yes', 'no', 'delta', 'yes_bid', 'yes_price'].some((key) => key in msg);
}

/**
 * Fields of an acknowledgement of a granted request, or of a frame that only uses up a sequence number.
 * Spread it and override the rest.
 */
export const acknowledgement = (method: string, receivedAt: Micros): Acknowledgement => ({
  kind: 'acknowledgement',
  at: receivedAt,
  receivedAt,
  venue: 'kalshi',
  method,
  accepted: true,
  channel: undefined,
  symbol: undefined,
  detail: undefined,
  sid: undefined,
  seq: undefined,
});

/** The most precise time in a frame, or else our time of receipt. */
export function timeOf(
  msg: { readonly ts?: string | number | undefined; readonly ts_ms?: number | undefined },
  receivedAt: Micros,
): Micros {
  const fine = typeof msg.ts === 'string' ? rfc3339Micros(msg.ts) : undefined;
  return fine ?? (msg.ts_ms === undefined ? receivedAt : msg.ts_ms * MILLISECOND);
}

/** A resting price, strictly within the dollar; undefined for anything else. */
export function restingTicks(value: string | number): number | undefined {
  const ticks = decimal(value, 4);
  return ticks !== undefined && ticks > 0 && ticks < DOLLAR_TICKS ? ticks : undefined;
}
