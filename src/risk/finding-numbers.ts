import type { Finding } from '../domain/events/decision.ts';

type Unit =
  | 'micros'
  | 'dollars'
  | 'ticks'
  | 'counts'
  | 'perYear'
  | 'share'
  | 'minutes'
  | 'basisPoints'
  | 'flag'
  | 'many';

/** The unit of each check's numbers; docs/files.md has the same table. */
export const CHECK_UNITS: Readonly<Record<string, Unit>> = {
  clockTrue: 'micros',
  krakenBookFresh: 'micros',
  krakenFresh: 'micros',
  kalshiFresh: 'micros',
  indexFresh: 'micros',
  forecastFresh: 'micros',
  bookFresh: 'micros',
  toCloseMin: 'micros',
  toCloseMax: 'micros',
  cooldown: 'micros',
  indexKnown: 'dollars',
  edge: 'dollars',
  quoteEdge: 'dollars',
  closeLoss: 'dollars',
  totalLoss: 'dollars',
  dayLoss: 'dollars',
  collateral: 'dollars',
  spread: 'ticks',
  priceBand: 'ticks',
  fairCollar: 'ticks',
  midCollar: 'ticks',
  twoSided: 'counts',
  touchDepth: 'counts',
  orderSize: 'counts',
  position: 'counts',
  forecastUsable: 'perYear',
  priced: 'share',
  warm: 'minutes',
  indexAgrees: 'basisPoints',
  killSwitch: 'flag',
  exchangeOpen: 'flag',
  indexUndisputed: 'flag',
  contractActive: 'flag',
  tickGrid: 'flag',
  takeAllowed: 'flag',
  contractTerms: 'many',
  bookIntact: 'many',
  indexSources: 'many',
  spotsAgree: 'many',
  reconciled: 'many',
  orderRate: 'many',
  ordersOpen: 'many',
  duplicate: 'many',
};

const OF_A_CONTRACT: ReadonlySet<string> = new Set(['edge', 'quoteEdge']);

const short = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
const minus = (value: number, text: string): string => (value < 0 ? `−${text}` : text);

const plain = (value: number, unit: Unit | undefined, small: boolean): string => {
  switch (unit) {
    case 'micros': {
      const seconds = value / 1_000_000;
      return seconds < 120 ? `${short(seconds, 1)} s` : `${short(seconds / 60, 1)} min`;
    }
    case 'dollars':
      // Edges are a contract's, and a contract is worth a dollar; losses are the account's.
      return small ? `${short(100 * value, 2)} ¢` : `$${value.toFixed(2)}`;
    case 'ticks':
      return `${short(value / 100, 2)} ¢`;
    case 'counts':
      return `${short(value / 100, 2)} contracts`;
    case 'perYear':
      return `${short(100 * value, 1)} % a year`;
    case 'share':
      return `${short(100 * value, 1)} %`;
    case 'minutes':
      return `${short(value, 0)} min`;
    case 'basisPoints':
      return `${short(value, 1)} bp`;
    default:
      return short(value, 3);
  }
};

/** A number of a check in its unit, such as `−0.4 ¢`; `not known` for one that is not. */
export const findingNumber = (check: string, value: Finding['observed']): string =>
  value === null
    ? 'not known'
    : minus(value, plain(Math.abs(value), CHECK_UNITS[check], OF_A_CONTRACT.has(check)));

/**
 * What a check found against what it allows, and how far it was from passing, such as `found −0.4 ¢, limit
 * 1.9 ¢, 2.3 ¢ from passing`. Nothing for a check that only says yes or no, or that could not measure.
 */
export function findingNumbers({ check, observed, limit, headroom }: Finding): string {
  if (CHECK_UNITS[check] === 'flag' || observed === null || headroom === null) return '';
  const of = (value: number): string => findingNumber(check, value);
  return [
    `found ${of(observed)}`,
    ...(limit === null ? [] : [`limit ${of(limit)}`]),
    headroom < 0 ? `${of(-headroom)} from passing` : `${of(headroom)} to spare`,
  ].join(', ');
}
