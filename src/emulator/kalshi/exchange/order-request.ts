import { z } from 'zod';
import { fixedPoint } from '../../../domain/money.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { LAST_SUBACCOUNT } from './accounts.ts';
import { refusals } from './refusal.ts';

const side = z.enum(['bid', 'ask']);
const shard = z.number().int().min(-1).optional();
const subaccount = z.number().int().min(0).max(LAST_SUBACCOUNT).optional();
/** A dot is refused (live, 7 May 2026). */
const clientOrderId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_-]*$/, { error: 'may only have letters, digits, "_" and "-"' })
  .optional();

const createSchema = z.object({
  ticker: z.string().min(1),
  client_order_id: clientOrderId,
  side,
  count: z.string(),
  price: z.string(),
  expiration_time: z.number().int().optional(),
  time_in_force: z.enum(['good_till_canceled', 'immediate_or_cancel', 'fill_or_kill']),
  post_only: z.boolean().optional(),
  self_trade_prevention_type: z.enum(['taker_at_cross', 'maker']),
  cancel_order_on_pause: z.boolean().optional(),
  reduce_only: z.boolean().optional(),
  subaccount,
  order_group_id: z.string().optional(),
  exchange_index: shard,
});
const amendSchema = z.object({
  ticker: z.string().min(1),
  side,
  price: z.string(),
  count: z.string(),
  client_order_id: z.string().optional(),
  updated_client_order_id: clientOrderId,
  exchange_index: shard,
});
const decreaseSchema = z.object({
  reduce_by: z.string().optional(),
  reduce_to: z.string().optional(),
  market_ticker: z.string().optional(),
  exchange_index: shard,
});
const groupSchema = z.object({
  contracts_limit: z.number().int().min(1).max(1_000_000).optional(),
  contracts_limit_fp: z.string().optional(),
  subaccount,
  exchange_index: shard,
});
/** One item of a batch of cancels. */
const cancelSchema = z.object({
  order_id: z.string(),
  subaccount,
  market_ticker: z.string().optional(),
  exchange_index: shard,
});
const transferSchema = z.object({
  client_transfer_id: z.string().min(1),
  from_subaccount: z.number().int().min(0).max(LAST_SUBACCOUNT),
  to_subaccount: z.number().int().min(0).max(LAST_SUBACCOUNT),
  amount_cents: z.number().int().positive(),
  exchange_index: shard,
});
const batchSchema = z.object({ orders: z.array(z.unknown()).min(1) });

/** Bodies of order entry V2, of order groups and of transfers, by the Go structs that the exchange names in its errors. */
export const bodies = {
  CreateOrderV2Request: createSchema,
  AmendOrderV2Request: amendSchema,
  DecreaseOrderV2Request: decreaseSchema,
  CreateOrderGroupRequest: groupSchema,
  BatchRequest: batchSchema,
  BatchCancelOrdersV2RequestOrder: cancelSchema,
  CancelOrderV2Request: cancelSchema.omit({ order_id: true }),
  ApplySubaccountTransferRequest: transferSchema,
} as const;

/** A valid create request. */
export type CreateBody = z.infer<typeof createSchema>;

const GO_TYPES: Readonly<Record<string, string>> = { string: 'string', number: 'int64', boolean: 'bool' };
const typeName = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;

/**
 * A parsed body, or the refusal. For a value of the wrong JSON type it has the words of Go's decoder, as
 * recorded; otherwise it names what is missing or not allowed.
 */
export function readBody<K extends keyof typeof bodies>(
  name: K,
  value: unknown,
): { readonly body: z.infer<(typeof bodies)[K]> } | { readonly refusal: EmulatedAnswer } {
  const { data, error } = bodies[name].safeParse(value);
  if (data !== undefined) return { body: data as z.infer<(typeof bodies)[K]> };
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const found = issue?.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  if (issue?.code === 'invalid_type' && found !== undefined)
    return {
      refusal: refusals.badRequest(
        `json: cannot unmarshal ${typeName(found)} into Go struct field ${name}.${path} of type ${GO_TYPES[issue.expected] ?? issue.expected}`,
      ),
    };
  return { refusal: refusals.invalidParameters(`${path || 'body'}: ${issue?.message ?? 'invalid'}`) };
}

/** The JSON of a body; an empty one is an empty object. */
export function readJson(text: string): { readonly json: unknown } | { readonly refusal: EmulatedAnswer } {
  if (text === '') return { json: {} };
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { refusal: refusals.badRequest('invalid character in JSON body') };
  }
}

/** Hundredths of a contract of "10.00"; undefined unless it is positive and has at most two decimals. */
export const readCount = (text: string): number | undefined => {
  const count = fixedPoint(text, 2);
  return count !== undefined && count > 0 ? count : undefined;
};

/** $0.0001 of "0.5600"; undefined if it is not a decimal of at most four places. */
export const readPrice = (text: string): number | undefined => fixedPoint(text, 4);
