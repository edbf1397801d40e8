import type { Contract } from './contracts.ts';

/** Number of prints that settle one close: one a second for the minute before it. */
export const SETTLEMENT_PRINTS = 60;

/**
 * A contract pays YES if and only if the sum S of the sixty prints, in units of the index, lies in
 * [`from`, `to`).
 */
export interface SettlementSums {
  readonly from: number;
  readonly to: number;
}

/** What a contract says of its own settlement. */
type Terms = Pick<Contract, 'strikeType' | 'floorUnits' | 'capUnits' | 'settlesBy'>;

/**
 * The sums for which a contract pays YES; undefined if a strike is unknown. This is the one place of the
 * rounding rule, which belongs to the series. `rounded`: the mean is rounded half up to the index's last
 * decimal before it is compared, so V ≥ K ⇔ S ≥ 60(K − ½) and V > K ⇔ S ≥ 60(K + ½). `average`: the mean itself
 * is compared, so V ≥ K ⇔ S ≥ 60·K and V > K ⇔ S ≥ 60·K + 1, since S is whole.
 */
export function settlementSums({
  strikeType,
  floorUnits,
  capUnits,
  settlesBy,
}: Terms): SettlementSums | undefined {
  const rounded = settlesBy !== 'average';
  const reaches = rounded ? -SETTLEMENT_PRINTS / 2 : 0;
  const exceeds = rounded ? SETTLEMENT_PRINTS / 2 : 1;
  const at = (units: number, offset: number): number => SETTLEMENT_PRINTS * units + offset;
  const known = (units: number | undefined): units is number => units !== undefined && Number.isFinite(units);
  switch (strikeType) {
    case 'greater':
      return known(floorUnits) ? { from: at(floorUnits, exceeds), to: Number.POSITIVE_INFINITY } : undefined;
    case 'greater_or_equal':
      return known(floorUnits) ? { from: at(floorUnits, reaches), to: Number.POSITIVE_INFINITY } : undefined;
    case 'less':
      return known(capUnits) ? { from: Number.NEGATIVE_INFINITY, to: at(capUnits, reaches) } : undefined;
    case 'less_or_equal':
      return known(capUnits) ? { from: Number.NEGATIVE_INFINITY, to: at(capUnits, exceeds) } : undefined;
    case 'between':
      return known(floorUnits) && known(capUnits) && floorUnits <= capUnits
        ? { from: at(floorUnits, reaches), to: at(capUnits, exceeds) }
        : undefined;
  }
}
