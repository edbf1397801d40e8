import type { Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { isoText } from './market-object.ts';

/** What `/exchange/status` says of every shard. */
export interface KalshiStatus {
  /** False refuses every change, cancels too. */
  readonly exchangeActive: boolean;
  /** False refuses orders and amendments. */
  readonly tradingActive: boolean;
  /** The end of the weekly pause, while it lasts. */
  readonly resumesAt: Micros | undefined;
}

const DEFAULT_SHARD = 0;
const WHOLE_DAY = [{ open_time: '00:00', close_time: '24:00' }];
/** The weekly pause of trading (docs.kalshi.com, `/exchange/schedule`): Thursday 03:00 to 05:00, New York. */
const THURSDAY = [
  { open_time: '00:00', close_time: '03:00' },
  { open_time: '05:00', close_time: '24:00' },
];
const STANDARD_HOURS = {
  start_time: '2022-06-15T00:00:00Z',
  end_time: '2100-01-01T00:00:00Z',
  monday: WHOLE_DAY,
  tuesday: WHOLE_DAY,
  wednesday: WHOLE_DAY,
  friday: WHOLE_DAY,
  saturday: WHOLE_DAY,
  sunday: WHOLE_DAY,
};

/**
 * `GET /exchange/status` and `/exchange/schedule` for the default shard and `shards`; undefined for another
 * name. `weekly` is whether there is a weekly pause.
 */
export function exchangeRest(
  shards: readonly number[],
  status: () => KalshiStatus,
  weekly: boolean,
): (name: string | undefined) => EmulatedAnswer | undefined {
  const indices = [...new Set([DEFAULT_SHARD, ...shards])];
  const answer = (body: unknown): EmulatedAnswer => ({
    kind: 'answer',
    status: 200,
    body: JSON.stringify(body),
  });
  return (name) => {
    if (name === 'schedule')
      return answer({
        schedule: {
          maintenance_windows: [],
          standard_hours: [{ ...STANDARD_HOURS, thursday: weekly ? THURSDAY : WHOLE_DAY }],
        },
      });
    if (name !== 'status') return undefined;
    const { exchangeActive, tradingActive, resumesAt } = status();
    const active = {
      exchange_active: exchangeActive,
      trading_active: tradingActive,
      intra_exchange_transfers_active: exchangeActive,
    };
    return answer({
      ...active,
      ...(resumesAt !== undefined && { exchange_estimated_resume_time: isoText(resumesAt) }),
      exchange_index_statuses: indices.map((index) => ({
        exchange_index: index,
        description: index === DEFAULT_SHARD ? 'default' : 'crypto',
        ...active,
      })),
    });
  };
}
