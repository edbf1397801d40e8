import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { type CoinbaseWire, PLAIN_DECIMAL } from './wire.ts';

type Match = Extract<CoinbaseWire, { readonly type: 'match' | 'last_match' }>;

const isDecimal = (value: unknown): boolean =>
  typeof value === 'string' && PLAIN_DECIMAL.test(value) && Number(value) > 0;

/**
 * True for exactly what the schema of a trade accepts, in a tenth of the schema's time; nearly all of
 * Coinbase's frames are trades. A frame that it refuses goes to the schema, which gives the reason.
 */
export function isMatch(frame: unknown): frame is Match {
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return false;
  const { type, trade_id, product_id, price, size, side, time } = frame as Readonly<Record<string, unknown>>;
  return (
    (type === 'match' || type === 'last_match') &&
    Number.isSafeInteger(trade_id) &&
    (trade_id as number) >= 0 &&
    typeof product_id === 'string' &&
    isDecimal(price) &&
    (size === undefined || isDecimal(size)) &&
    (side === undefined || side === 'buy' || side === 'sell') &&
    typeof time === 'string' &&
    rfc3339Micros(time) !== undefined
  );
}
