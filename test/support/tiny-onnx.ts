/** An input or an output of a graph: float32 of a fixed shape. */
export interface TinyPort {
  readonly name: string;
  readonly dims: readonly number[];
}

/** One operator of ONNX (https://onnx.ai/onnx/operators/); `axis` where it wants one. */
export interface TinyNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly axis?: number;
}

/** A graph small enough to be written by hand. Constants are vectors: floats, or 64-bit integers for shapes and indices. */
export interface TinyGraph {
  readonly inputs: readonly TinyPort[];
  readonly outputs: readonly TinyPort[];
  readonly constants: Readonly<Record<string, Float32Array | BigInt64Array>>;
  readonly nodes: readonly TinyNode[];
}

type Bytes = readonly number[];

const FLOAT = 1;
const INT64 = 7;
const INT_ATTRIBUTE = 2;
const IR_VERSION = 8;
const OPSET = 13;

const varint = (value: number): Bytes =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
const whole = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const block = (field: number, bytes: Bytes | Uint8Array): Bytes => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): Bytes => block(field, new TextEncoder().encode(value));
const all = <T>(values: readonly T[], each: (value: T) => Bytes): Bytes => values.flatMap(each);

const port = (field: number, { name, dims }: TinyPort): Bytes => {
  const shape = all(dims, (size) => block(1, whole(1, size)));
  const tensor = [...whole(1, FLOAT), ...block(2, shape)];
  return block(field, [...text(1, name), ...block(2, block(1, tensor))]);
};
const node = ({ op, inputs, output, axis }: TinyNode): Bytes =>
  block(1, [
    ...all(inputs, (name) => text(1, name)),
    ...text(2, output),
    ...text(4, op),
    ...(axis === undefined
      ? []
      : block(5, [...text(1, 'axis'), ...whole(3, axis), ...whole(20, INT_ATTRIBUTE)])),
  ]);
const constant = ([name, data]: readonly [string, Float32Array | BigInt64Array]): Bytes =>
  block(5, [
    ...whole(1, data.length),
    ...whole(2, data instanceof Float32Array ? FLOAT : INT64),
    ...text(8, name),
    ...block(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);

/** The bytes of an ONNX model (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): what the runtime loads, without Python. */
export function tinyOnnx({ inputs, outputs, constants, nodes }: TinyGraph): Buffer {
  const graph = [
    ...all(nodes, node),
    ...text(2, 'tiny'),
    ...all(Object.entries(constants), constant),
    ...all(inputs, (each) => port(11, each)),
    ...all(outputs, (each) => port(12, each)),
  ];
  return Buffer.from([
    ...whole(1, IR_VERSION),
    ...block(7, graph),
    ...block(8, [...text(1, ''), ...whole(2, OPSET)]),
  ]);
}
