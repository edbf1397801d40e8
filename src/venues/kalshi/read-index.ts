import type { z } from 'zod';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import { decimal } from './decimal.ts';
import { parsed, type Reading } from './reading.ts';
import { type fastIndexFrame, indexData, type indexFrame } from './wire.ts';

/** The print of a second, whose value and source time are JSON inside a string. */
export function readIndex({ sid, seq, msg }: z.infer<typeof indexFrame>, receivedAt: Micros): Reading {
  let data: unknown;
  try {
    data = JSON.parse(msg.data);
  } catch {
    return 'data: not JSON';
  }
  return parsed(indexData, data, ({ time, id, value }) =>
    id === msg.index_id
      ? print(id, sid, seq, time, value, 1, receivedAt)
      : `data.id must be ${msg.index_id}, was ${id}`,
  );
}

/** The print of a fifth of a second. */
export const readFastIndex = (
  { sid, seq, msg }: z.infer<typeof fastIndexFrame>,
  receivedAt: Micros,
): Reading => print(msg.index_id, sid, seq, msg.source_ts_ms, msg.value_usd, 5, receivedAt);

function print(
  indexId: string,
  sid: number,
  seq: number,
  sourceMillis: number,
  value: string | number,
  hertz: 1 | 5,
  receivedAt: Micros,
): Reading {
  const cents = decimal(value, 2);
  if (cents === undefined || cents <= 0) return `index must be a positive number of cents, was ${value}`;
  return {
    kind: 'indexPrint',
    at: sourceMillis * MILLISECOND,
    receivedAt,
    indexId,
    sid,
    seq,
    cents,
    hertz,
  };
}
