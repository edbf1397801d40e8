import type { Contract } from '../../../domain/contracts.ts';

/**
 * The result of a contract when the index settles at `valueUnits`: the mean of the prints, rounded or not, as
 * the series says. Throws for a quarter-hour whose floor is unknown.
 */
export function kalshiOutcome(
  { ticker, strikeType, floorUnits, capUnits }: Contract,
  valueUnits: number,
): 'yes' | 'no' {
  const strike = (units: number | undefined): number => {
    if (units === undefined) throw new TypeError(`kalshi-outcome: ${ticker} needs a strike, was undefined`);
    return units;
  };
  const yes = (() => {
    switch (strikeType) {
      case 'greater':
        return valueUnits > strike(floorUnits);
      case 'greater_or_equal':
        return valueUnits >= strike(floorUnits);
      case 'less':
        return valueUnits < strike(capUnits);
      case 'less_or_equal':
        return valueUnits <= strike(capUnits);
      case 'between':
        return valueUnits >= strike(floorUnits) && valueUnits <= strike(capUnits);
    }
  })();
  return yes ? 'yes' : 'no';
}
