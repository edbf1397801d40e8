import type { Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import type { CashMoves } from './cash-moves.ts';
import { readBody } from './order-request.ts';
import { jsonAnswer, refusals } from './refusal.ts';

/**
 * `POST /portfolio/subaccounts/transfer`: moves cash between two subaccounts at once. A repeated
 * `client_transfer_id` moves nothing.
 */
export function subaccountTransfer(json: unknown, moves: CashMoves, at: Micros): EmulatedAnswer {
  const read = readBody('ApplySubaccountTransferRequest', json);
  if ('refusal' in read) return read.refusal;
  const { client_transfer_id: id, from_subaccount: from, to_subaccount: to, amount_cents: cents } = read.body;
  if (from === to) return refusals.invalidParameters('from_subaccount and to_subaccount must differ');
  return moves.transfer({ id, from, to, cents, at }) ? jsonAnswer({}) : refusals.insufficient();
}
