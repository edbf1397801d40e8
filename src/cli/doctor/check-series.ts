import { z } from 'zod';
import { type Asset, SERIES_KINDS } from '../../domain/asset.ts';
import type { FeeTerms } from '../../domain/contracts.ts';
import { readFee } from '../../venues/kalshi/read-fee.ts';
import type { Asked } from './ask.ts';
import { fail, ok, skipped, type Verdict, warn } from './verdict.ts';

const listBody = z.object({
  series: z.array(
    z.object({
      ticker: z.string(),
      title: z.string().catch(''),
      frequency: z.string().catch(''),
      tags: z.array(z.string()).nullish().catch(undefined),
      fee_type: z.string().catch(''),
      fee_multiplier: z.number().catch(Number.NaN),
    }),
  ),
});

type Listed = z.infer<typeof listBody>['series'][number];

/** Words of a row stay readable: at most so many tickers, and the count of the others. */
const MOST_NAMED = 6;
const QUARTER_HOUR = 'fifteen_min';

const named = (tickers: readonly string[]): string =>
  tickers.length > MOST_NAMED
    ? `${tickers.slice(0, MOST_NAMED).join(', ')} and ${tickers.length - MOST_NAMED} more`
    : tickers.join(', ');

const feeWords = (fee: FeeTerms | 'unknown'): string =>
  fee === 'unknown' ? 'terms that are not known here' : `${fee.kind} times ${fee.multiplier}`;

/** Whether a listed series is on this coin: by its tags, else by the coin's name in its ticker. */
const isOf = ({ ticker, tags }: Listed, { name }: Asset): boolean =>
  tags?.includes(name) === true || ticker.startsWith(`KX${name}`);

/**
 * The configured series against Kalshi's list of crypto series, by `GET /series?category=Crypto`. A series
 * that is not listed fails, with the coin's series that no asset follows, one of which may be its new name. A
 * fee that differs from the configured one is a warning, because the venue's own terms replace it.
 */
export function checkSeries(asked: Asked, assets: readonly Asset[]): Verdict {
  if (asked.kind !== 'answered') return skipped('Kalshi did not list its series', 'see Kalshi REST');
  const { data } = listBody.safeParse(asked.json);
  if (!data) return warn('the list of series has another shape', 'look whether a newer version reads it');
  const listed = new Map(data.series.map((series) => [series.ticker, series]));
  const followed = new Set(assets.flatMap(({ series }) => Object.values(series)));
  const free = data.series.filter(({ ticker }) => !followed.has(ticker));
  const absent: string[] = [];
  const fees: string[] = [];
  for (const asset of assets)
    for (const kind of SERIES_KINDS) {
      const ticker = asset.series[kind];
      if (ticker === undefined) continue;
      const own = listed.get(ticker);
      if (!own) {
        const others = free.filter((each) => isOf(each, asset)).map((each) => each.ticker);
        absent.push(
          `${asset.name} ${kind}: ${ticker} is not listed; ${
            others.length > 0 ? `of that coin there are ${named(others)}` : 'nothing else of that coin is'
          }`,
        );
        continue;
      }
      if (!asset.fee) continue;
      const fee = readFee(own.fee_type, own.fee_multiplier);
      if (fee === 'unknown' || fee.kind !== asset.fee.kind || fee.multiplier !== asset.fee.multiplier)
        fees.push(`${ticker}: Kalshi says ${feeWords(fee)}, the configuration ${feeWords(asset.fee)}`);
    }
  if (absent.length > 0)
    return fail(
      absent.join('. '),
      'write the series of the asset in assets of the configuration as Kalshi lists them',
    );
  if (fees.length > 0)
    return warn(
      fees.join('. '),
      "write the fee of the asset as Kalshi has it; until then Kalshi's own terms are used once they are heard",
    );
  const quarters = free.filter(({ frequency }) => frequency === QUARTER_HOUR).map(({ ticker }) => ticker);
  return ok(
    `all ${followed.size} series of ${assets.length === 1 ? '1 asset' : `${assets.length} assets`} are listed${
      quarters.length > 0 ? `; quarter-hours that are not followed: ${named(quarters)}` : ''
    }`,
  );
}
