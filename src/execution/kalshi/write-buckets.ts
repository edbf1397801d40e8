import type { EdgeClock } from '../../transport/edge-clock.ts';
import { type BucketLimits, type TokenBucket, tokenBucket } from '../../transport/token-bucket.ts';
import { BASIC_WRITE } from '../../venues/kalshi/limits.ts';

/** Write tokens by shard. */
export interface WriteBuckets {
  /**
   * Takes what each shard is billed, if every one of them has it now, nobody waits there and a part is left
   * for cancels; else takes nothing and returns false.
   */
  readonly spare: (costs: ReadonlyMap<number, number>) => boolean;
  /**
   * Takes what each shard is billed, or the same of every shard, and returns how many milliseconds to wait
   * before acting.
   */
  readonly reserve: (costs: ReadonlyMap<number, number> | number) => number;
  /** Sets the account's own limits, which each shard has. */
  readonly update: (limits: BucketLimits) => void;
}

/** The part of a bucket that creates leave: at the Basic tier it pays for ten cancels at once. */
const LEFT_TO_CANCELS = 0.2;

/**
 * One bucket of write tokens for each shard, all of the account's limits
 * (docs.kalshi.com/getting_started/rate_limits; buckets of writes are by shard). What adds risk never waits
 * and never takes the last fifth, so a cancel has a token at any time unless cancels alone have used them up.
 */
export function writeBuckets(clock: EdgeClock): WriteBuckets {
  const buckets = new Map<number, TokenBucket>();
  let limits = BASIC_WRITE;
  const of = (shard: number): TokenBucket => {
    let bucket = buckets.get(shard);
    if (!bucket) {
      bucket = tokenBucket(limits, clock);
      buckets.set(shard, bucket);
    }
    return bucket;
  };
  return {
    spare: (costs) => {
      const leave = limits.capacity * LEFT_TO_CANCELS;
      const wanted = [...costs];
      // A batch over several shards takes from all of them or from none.
      if (!wanted.every(([shard, cost]) => of(shard).has(cost, leave))) return false;
      for (const [shard, cost] of wanted) of(shard).reserve(cost);
      return true;
    },
    reserve: (costs) => {
      const billed =
        typeof costs === 'number' ? [...buckets.keys()].map((shard) => [shard, costs] as const) : [...costs];
      return Math.max(0, ...billed.map(([shard, cost]) => of(shard).reserve(cost)));
    },
    update: (next) => {
      limits = next;
      for (const bucket of buckets.values()) bucket.update(next);
    },
  };
}
