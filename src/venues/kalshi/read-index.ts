import type { z } from 'zod';
import type { Asset } from '../../domain/asset.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { indexUnits, mustBeUnits } from './index-units.ts';
import { acknowledgement, parsed, type Reading } from './reading.ts';
import { type fastIndexFrame, indexData, type indexFrame } from './wire.ts';

/** Assets by the id of the index that settles them. */
export type AssetsByIndex = ReadonlyMap<string, Asset>;

/**
 * Reads the print of a second, whose value and source time are JSON inside a string. For an index of no asset
 * it keeps only the sequence number.
 */
export function readIndex(
  { type, sid, seq, msg }: z.infer<typeof indexFrame>,
  receivedAt: Micros,
  byIndex: AssetsByIndex,
): Reading {
  const asset = byIndex.get(msg.index_id);
  if (!asset) return { ...acknowledgement(type, receivedAt), symbol: msg.index_id, sid, seq };
  const data = jsonOf(msg.data);
  if (data === undefined) return `data: ${boundBroken(msg.data) ?? 'not JSON'}`;
  return parsed(indexData, data, ({ time, id, value }) =>
    id === msg.index_id
      ? print(asset, sid, seq, time, value, 1, receivedAt)
      : `data.id must be ${msg.index_id}, was ${id}`,
  );
}

/** Reads the print of a fifth of a second. For an index of no asset it keeps only the sequence number. */
export function readFastIndex(
  { type, sid, seq, msg }: z.infer<typeof fastIndexFrame>,
  receivedAt: Micros,
  byIndex: AssetsByIndex,
): Reading {
  const asset = byIndex.get(msg.index_id);
  return asset
    ? print(asset, sid, seq, msg.source_ts_ms, msg.value_usd, 5, receivedAt)
    : { ...acknowledgement(type, receivedAt), symbol: msg.index_id, sid, seq };
}

function print(
  { name: asset, indexId, indexDecimals: decimals }: Asset,
  sid: number,
  seq: number,
  sourceMillis: number,
  value: string | number,
  hertz: 1 | 5,
  receivedAt: Micros,
): Reading {
  const units = indexUnits(value, decimals);
  if (units === undefined || units === 0)
    return `${indexId} ${mustBeUnits(decimals)} and more than 0, was ${value}`;
  return {
    kind: 'indexPrint',
    at: sourceMillis * MILLISECOND,
    receivedAt,
    indexId,
    sid,
    seq,
    asset,
    units,
    decimals,
    hertz,
  };
}
