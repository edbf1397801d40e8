import type { Stamped } from '../../domain/time.ts';

/**
 * What became of one Kraken book message, for tallies: its checksum held, it did not (a gap follows), or the book was void and
 * the message waited in vain for a snapshot.
 */
export interface KrakenBookChecked extends Stamped {
  readonly kind: 'krakenBookChecked';
  readonly symbol: string;
  readonly verdict: 'passed' | 'failed' | 'ignored';
}
