import type { Contract } from '../domain/contracts.ts';

/** How a contract ends when the index settles at `valueCents`. Throws for a quarter-hour whose floor is unknown. */
export function kalshiOutcome(
  { ticker, strikeType, floorCents, capCents }: Contract,
  valueCents: number,
): 'yes' | 'no' {
  const strike = (cents: number | undefined): number => {
    if (cents === undefined) throw new TypeError(`kalshi-outcome: ${ticker} needs a strike, was undefined`);
    return cents;
  };
  const yes = (() => {
    switch (strikeType) {
      case 'greater':
        return valueCents > strike(floorCents);
      case 'greater_or_equal':
        return valueCents >= strike(floorCents);
      case 'less':
        return valueCents < strike(capCents);
      case 'less_or_equal':
        return valueCents <= strike(capCents);
      case 'between':
        return valueCents >= strike(floorCents) && valueCents <= strike(capCents);
    }
  })();
  return yes ? 'yes' : 'no';
}
