import type { NamedTensor } from '../../../src/forecast/members/safetensors.ts';

/** A file of any header and any values, sound or not. */
export function rawTensorFile(header: string, values: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, values]);
}

/** A sound file of these tensors, one after the other. */
export function tensorFile(
  tensors: Iterable<readonly [string, NamedTensor]>,
  metadata?: Readonly<Record<string, string>>,
): Buffer {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  const values: Buffer[] = [];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const raw = Buffer.alloc(data.length * 4);
    for (const [i, value] of data.entries()) raw.writeFloatLE(value, i * 4);
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + raw.length] };
    end += raw.length;
    values.push(raw);
  }
  return rawTensorFile(JSON.stringify(header), Buffer.concat(values));
}
