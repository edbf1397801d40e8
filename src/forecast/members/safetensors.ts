import { z } from 'zod';

/** Values row by row. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The content of a file of tensors. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;

const entry = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).default({}) }).catchall(entry);

function headerOf(text: string): z.infer<typeof headerSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `safetensors: the header must be JSON, was ${JSON.stringify(text.slice(0, 40))} (${(cause as Error).message})`,
    );
  }
  const { data, error } = headerSchema.safeParse(json);
  if (data) return data;
  const faults = error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  throw new Error(`safetensors: the header is not usable: ${faults.join('; ')}`);
}

/**
 * Reads float32 tensors in the safetensors format (huggingface.co/docs/safetensors): eight bytes with the
 * header's length, the header in JSON, the values, all little-endian. Throws one sentence for a file that is
 * cut short, holds another type, or whose spans do not tile the values without a hole.
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < LENGTH_BYTES)
    throw new Error(
      `safetensors: the file must begin with ${LENGTH_BYTES} bytes of length, was ${bytes.length} bytes`,
    );
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - LENGTH_BYTES))
    throw new Error(
      `safetensors: the header must end inside the file of ${bytes.length} bytes, was ${length} bytes long`,
    );
  const start = LENGTH_BYTES + Number(length);
  const { __metadata__: metadata, ...entries } = headerOf(
    new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, start)),
  );
  const tensors = new Map<string, NamedTensor>();
  let end = 0;
  const inOrder = Object.entries(entries).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  for (const [name, { shape, data_offsets }] of inOrder) {
    const [from, to] = data_offsets;
    const count = shape.reduce((product, size) => product * size, 1);
    if (from !== end || to - from !== count * FLOAT_BYTES)
      throw new Error(
        `safetensors: ${name} of shape [${shape.join(', ')}] must have the ${count * FLOAT_BYTES} bytes from ${end}, was ${from} to ${to}`,
      );
    end = to;
    if (start + end > bytes.length) break;
    const data = Float32Array.from({ length: count }, (_, i) =>
      view.getFloat32(start + from + i * FLOAT_BYTES, true),
    );
    tensors.set(name, { shape, data });
  }
  if (start + end !== bytes.length)
    throw new Error(
      `safetensors: the tensors must end where the file does, at ${bytes.length - start} bytes of values, was ${end}`,
    );
  return { tensors, metadata };
}
