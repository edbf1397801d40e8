import { z } from 'zod';
import type { Asset } from '../../domain/asset.ts';
import type { Contract, StrikeType } from '../../domain/contracts.ts';
import type { ContractChanged } from '../../domain/events/market.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { completeContract } from './complete-contract.ts';
import { indexUnits, mustBeUnits, strikeUnits } from './index-units.ts';
import { settlementRule } from './settlement-rule.ts';
import { tickBandsOf } from './tick-bands.ts';
import { venueName } from './wire.ts';

const decimal = z.union([z.string(), z.number()]);

/** The fields we need of a market object of GET /markets (docs.kalshi.com/api-reference/market). */
const marketObject = z.object({
  ticker: venueName,
  event_ticker: venueName,
  status: z.enum([
    'initialized',
    'active',
    'inactive',
    'closed',
    'determined',
    'disputed',
    'amended',
    'finalized',
  ]),
  open_time: z.string(),
  close_time: z.string(),
  strike_type: z.enum(['greater', 'greater_or_equal', 'less', 'less_or_equal', 'between']),
  floor_strike: decimal.nullish(),
  cap_strike: decimal.nullish(),
  price_ranges: z.array(z.object({ start: decimal, end: decimal, step: decimal })),
  exchange_index: z.int().nonnegative().nullish(),
  rules_secondary: z.string().nullish().catch(undefined),
  result: z.string().nullish(),
  expiration_value: z.string().nullish(),
});

const STATES: Readonly<Record<z.infer<typeof marketObject>['status'], ContractChanged['state']>> = {
  // It counts as not paused: no frame announces the opening, so the clock and `openAt` decide.
  initialized: 'active',
  active: 'active',
  inactive: 'inactive',
  closed: 'closed',
  determined: 'determined',
  disputed: 'determined',
  amended: 'determined',
  finalized: 'settled',
};

/**
 * A market as REST lists it, without its fee, which the listing does not have. `valueUnits` is the published
 * settlement value, undefined until there is one.
 */
export interface ListedContract {
  readonly kind: 'listed';
  readonly contract: Omit<Contract, 'fee'>;
  readonly state: ContractChanged['state'];
  readonly result: ContractChanged['result'];
  readonly valueUnits: number | undefined;
}

/** A market that we cannot price exactly, and the reason. */
export interface UnlistedMarket {
  readonly kind: 'unlisted';
  readonly why: string;
}

const unlisted = (why: string): UnlistedMarket => ({ kind: 'unlisted', why });

/**
 * Reads one REST market object. It is total: an unknown shape, strike type or status, a strike or value finer
 * than the asset's index, or a missing term gives a reason. Published values sometimes have thousands
 * separators.
 */
export function contractFromMarket(
  market: unknown,
  asset: Pick<Asset, 'name' | 'indexDecimals' | 'series'>,
): ListedContract | UnlistedMarket {
  const { indexDecimals } = asset;
  const { success, data, error } = marketObject.safeParse(market);
  if (!success) {
    const issue = error.issues[0];
    return unlisted(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`);
  }
  const floorUnits = strikeUnits(data.floor_strike, indexDecimals);
  const capUnits = strikeUnits(data.cap_strike, indexDecimals);
  const tickBands = tickBandsOf(data.price_ranges);
  if (typeof floorUnits === 'string') return unlisted(`floor_strike: ${floorUnits}`);
  if (typeof capUnits === 'string') return unlisted(`cap_strike: ${capUnits}`);
  if (typeof tickBands === 'string') return unlisted(`price_ranges: ${tickBands}`);
  const rule = settlementRule(data.rules_secondary, indexDecimals);
  if (typeof rule === 'string') return unlisted(`rules_secondary: ${rule}`);
  const terms = {
    event: data.event_ticker,
    strikeType: data.strike_type satisfies StrikeType,
    floorUnits,
    capUnits,
    openAt: rfc3339Micros(data.open_time),
    closeAt: rfc3339Micros(data.close_time),
    tickBands,
    exchangeIndex: data.exchange_index ?? undefined,
    settlesBy: rule.settlesBy,
  };
  const contract = completeContract(data.ticker, terms, asset);
  if (typeof contract === 'string') return unlisted(contract);
  const value = data.expiration_value ?? '';
  const valueUnits = value === '' ? undefined : indexUnits(value.replaceAll(',', ''), indexDecimals);
  if (value !== '' && valueUnits === undefined)
    return unlisted(`expiration_value: ${mustBeUnits(indexDecimals)}, was ${value}`);
  const result = data.result === 'yes' || data.result === 'no' ? data.result : undefined;
  return { kind: 'listed', contract, state: STATES[data.status], result, valueUnits };
}
