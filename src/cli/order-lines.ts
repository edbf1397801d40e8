import type { RunEvent } from '../../pipelines/run/account-at.ts';
import { clockTime } from '../domain/clock-time.ts';
import { DOLLAR_TICKS, MICRO_DOLLARS } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';

const MOST = 12;
const number = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
const contracts = (count: number | undefined): string => number((count ?? 0) / 100, 2);
const bought = (event: RunEvent | undefined, ticks: number): string =>
  event?.side === 'ask'
    ? `NO at ${number((DOLLAR_TICKS - ticks) / 100, 2)} ¢`
    : `YES at ${number(ticks / 100, 2)} ¢`;

/** What became of an order by its last step; of one without a further step that is not known. */
function endText(steps: readonly RunEvent[]): string {
  const last = steps.findLast(
    ({ kind }) => kind !== 'fill' && kind !== 'divergence' && kind !== 'difference' && kind !== 'cancelAsked',
  );
  switch (last?.kind) {
    case 'orderDone':
      return last.state ?? 'ended';
    case 'orderRejected':
      return `refused: ${last.why}`;
    case 'orderUnknown':
      return `it is not known whether the venue has it: ${last.why}`;
    case 'orderResting':
      return `rests with ${contracts(last.remaining)} left`;
    case 'orderSubmitted':
      return 'submitted; no answer is in the files';
    default:
      return 'sent; no answer is in the files';
  }
}

function orderLine(id: string, steps: readonly RunEvent[]): string {
  const sent = steps.find(({ kind }) => kind === 'orderSent');
  const fills = steps.filter(({ kind }) => kind === 'fill');
  const filled = fills.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const paid = fills.reduce((sum, { count, priceTicks }) => sum + (count ?? 0) * (priceTicks ?? 0), 0);
  const fees = fills.reduce((sum, { fee }) => sum + (fee ?? 0), 0);
  const told = steps.filter(({ kind }) => kind === 'difference').map(({ why }) => `; ${why}`);
  return [
    `${clockTime((sent ?? steps[0])?.at ?? 0)} ${id}: `,
    sent
      ? `${contracts(sent.count)} ${bought(sent, sent.limitTicks ?? 0)}, of decision ${sent.decisionId}: `
      : 'sent before: ',
    endText(steps),
    filled === 0
      ? ''
      : `, ${contracts(filled)} ${bought(fills[0], paid / filled)}, fee $${(fees / MICRO_DOLLARS).toFixed(2)}`,
    ...told,
  ].join('');
}

/** One line an order with its fills, in their order; of very many the twelve nearest to `at`. */
export function orderLines(steps: readonly RunEvent[], at: Micros): readonly string[] {
  const orders = new Map<string, RunEvent[]>();
  for (const step of steps) {
    const id = step.clientOrderId ?? 'the account';
    const known = orders.get(id);
    if (known) known.push(step);
    else orders.set(id, [step]);
  }
  const away = ([first]: readonly RunEvent[]): number => Math.abs((first?.at ?? 0) - at);
  const near = [...orders].sort(([, one], [, other]) => away(one) - away(other)).slice(0, MOST);
  const left = orders.size - near.length;
  return [
    ...near
      .sort(([, [one]], [, [other]]) => (one?.at ?? 0) - (other?.at ?? 0))
      .map(([id, its]) => orderLine(id, its)),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}
