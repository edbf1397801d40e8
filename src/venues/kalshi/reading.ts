import type { z } from 'zod';
import type { Acknowledgement, VenueEvent } from '../../domain/events/venue.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import { decimal } from './decimal.ts';

/** What a frame says: an event, or why there is none. */
export type Reading = VenueEvent | string;

/** Reads with the schema, or says which field it broke on. */
export function parsed<T>(schema: z.ZodType<T>, frame: unknown, then: (value: T) => Reading): Reading {
  const { success, data, error } = schema.safeParse(frame);
  if (success) return then(data);
  const legacy = legacyForm(frame) ? 'legacy integer-cent frame; ' : '';
  const issue = error.issues[0];
  return `${legacy}${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`;
}

/** The form that ended on 12 March 2026: counts and prices as integers without the `_fp` and `_dollars` keys. */
function legacyForm(frame: unknown): boolean {
  const msg = typeof frame === 'object' && frame !== null ? (frame as { msg?: unknown }).msg : undefined;
  if (typeof msg !== 'object' || msg === null) return false;
  const modern = Object.keys(msg).some((key) => key.endsWith('_fp'));
  return !modern && ['yes', 'no', 'delta', 'yes_bid', 'yes_price'].some((key) => key in msg);
}

/** A granted request or a frame that only counts in the sequence; spread and override. */
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

/** The finest time a frame gives, else our receipt. */
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
