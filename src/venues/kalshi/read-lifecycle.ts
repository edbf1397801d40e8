import type { Asset } from '../../domain/asset.ts';
import type { StrikeType, TickBand } from '../../domain/contracts.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { seriesOf } from './complete-contract.ts';
import { strikeUnits } from './index-units.ts';
import { acknowledgement, type Reading } from './reading.ts';
import { settlementRule } from './settlement-rule.ts';
import { tickBandsOf } from './tick-bands.ts';
import type { LifecycleFrame } from './wire.ts';

const STRIKE_TYPES: ReadonlySet<string> = new Set<StrikeType>([
  'greater',
  'greater_or_equal',
  'less',
  'less_or_equal',
  'between',
]);

const micros = (seconds: number | null | undefined): Micros | undefined =>
  typeof seconds === 'number' ? seconds * SECOND : undefined;

/**
 * Reads a change in a market's life. For a series of no asset it keeps only the sequence number. Times come
 * in whole seconds, strikes in dollars.
 */
export function readLifecycle(
  { sid, seq, msg }: LifecycleFrame,
  receivedAt: Micros,
  bySeries: ReadonlyMap<string, Asset>,
): Reading {
  const ticker = msg.market_ticker;
  const asset = bySeries.get(seriesOf(ticker));
  if (!asset) return { ...acknowledgement('market_lifecycle_v2', receivedAt), symbol: ticker, sid, seq };
  const terms = msg.additional_metadata ?? {};
  const type = msg.strike_type ?? terms.strike_type;
  const floor = strikeUnits(msg.floor_strike ?? terms.floor_strike, asset.indexDecimals);
  const cap = strikeUnits(msg.cap_strike ?? terms.cap_strike, asset.indexDecimals);
  if (typeof floor === 'string') return `floor_strike: ${floor}`;
  if (typeof cap === 'string') return `cap_strike: ${cap}`;
  const rule = settlementRule(terms.rules_secondary, asset.indexDecimals);
  if (typeof rule === 'string') return `rules_secondary: ${rule}`;
  let tickBands: readonly TickBand[] | undefined;
  if (msg.price_ranges) {
    const bands = tickBandsOf(msg.price_ranges);
    if (typeof bands === 'string') return `price_ranges: ${bands}`;
    tickBands = bands;
  }
  return {
    kind: 'contractLifecycle',
    at: receivedAt,
    receivedAt,
    ticker,
    sid,
    seq,
    change: msg.event_type,
    openAt: micros(msg.open_ts),
    closeAt: micros(msg.close_ts),
    event: terms.event_ticker ?? undefined,
    strikeType: type && STRIKE_TYPES.has(type) ? (type as StrikeType) : undefined,
    floorUnits: floor,
    capUnits: cap,
    tickBands,
    exchangeIndex: msg.exchange_index ?? undefined,
    result: msg.result === 'yes' || msg.result === 'no' ? msg.result : undefined,
    deactivated: msg.is_deactivated ?? undefined,
    ...(rule.settlesBy && { settlesBy: rule.settlesBy }),
  };
}
