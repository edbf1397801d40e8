import { z } from 'zod';
import type { Contract, StrikeType } from '../../domain/contracts.ts';
import type { ContractChanged } from '../../domain/events/market.ts';
import { fixedPoint } from '../../domain/money.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { completeContract } from './complete-contract.ts';
import { strikeUnits } from './strike-units.ts';
import { tickBandsOf } from './tick-bands.ts';

const decimal = z.union([z.string(), z.number()]);

/** The fields we need of a market object of GET /markets (docs.kalshi.com/api-reference/market). */
const marketObject = z.object({
  ticker: z.string().min(1),
  event_ticker: z.string().min(1),
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
  result: z.string().nullish(),
  expiration_value: z.string().nullish(),
});

const STATES: Readonly<Record<z.infer<typeof marketObject>['status'], ContractChanged['state']>> = {
  // Not paused: no frame tells of the opening, so the clock and `openAt` decide.
  initialized: 'active',
  active: 'active',
  inactive: 'inactive',
  closed: 'closed',
  determined: 'determined',
  disputed: 'determined',
  amended: 'determined',
  finalized: 'settled',
};

/** A market as REST lists it. `valueUnits` is the published settlement value, undefined until there is one. */
export interface ListedContract {
  readonly kind: 'listed';
  readonly contract: Contract;
  readonly state: ContractChanged['state'];
  readonly result: ContractChanged['result'];
  readonly valueUnits: number | undefined;
}

/** A market we cannot price exactly, and why. */
export interface UnlistedMarket {
  readonly kind: 'unlisted';
  readonly why: string;
}

const unlisted = (why: string): UnlistedMarket => ({ kind: 'unlisted', why });

/**
 * Reads one REST market object. Total: an unknown shape, strike type or status, a strike or value finer than a cent, or missing terms
 * give a reason. Published values come with thousands separators at times.
 */
export function contractFromMarket(market: unknown): ListedContract | UnlistedMarket {
  const { success, data, error } = marketObject.safeParse(market);
  if (!success) {
    const issue = error.issues[0];
    return unlisted(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`);
  }
  const floorUnits = strikeUnits(data.floor_strike);
  const capUnits = strikeUnits(data.cap_strike);
  const tickBands = tickBandsOf(data.price_ranges);
  if (typeof floorUnits === 'string') return unlisted(`floor_strike: ${floorUnits}`);
  if (typeof capUnits === 'string') return unlisted(`cap_strike: ${capUnits}`);
  if (typeof tickBands === 'string') return unlisted(`price_ranges: ${tickBands}`);
  const contract = completeContract(data.ticker, {
    event: data.event_ticker,
    strikeType: data.strike_type satisfies StrikeType,
    floorUnits,
    capUnits,
    openAt: rfc3339Micros(data.open_time),
    closeAt: rfc3339Micros(data.close_time),
    tickBands,
    exchangeIndex: data.exchange_index ?? undefined,
  });
  if (typeof contract === 'string') return unlisted(contract);
  const value = data.expiration_value ?? '';
  const valueUnits = value === '' ? undefined : fixedPoint(value.replaceAll(',', ''), 2);
  if (value !== '' && valueUnits === undefined)
    return unlisted(`expiration_value: must be a number of cents, was ${value}`);
  const result = data.result === 'yes' || data.result === 'no' ? data.result : undefined;
  return { kind: 'listed', contract, state: STATES[data.status], result, valueUnits };
}
