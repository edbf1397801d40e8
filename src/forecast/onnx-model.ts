import { InferenceSession, Tensor } from 'onnxruntime-node';

/** An input of one row: its shape starts with a batch of 1. */
export interface OnnxInput {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A loaded ONNX graph of float32 inputs and outputs. */
export interface OnnxModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** One inference; the answer's arrays are the caller's. Rejects when the inputs do not fit the graph. */
  readonly run: (
    feeds: Readonly<Record<string, OnnxInput>>,
  ) => Promise<Readonly<Record<string, Float32Array>>>;
  readonly close: () => Promise<void>;
}

/** Loads a graph for single rows: one thread, since two gain nothing at batch 1 and widen the tails. Rejects with the runtime's reason. */
export async function openOnnx(bytes: Uint8Array): Promise<OnnxModel> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    run: async (feeds) => {
      const tensors: Record<string, Tensor> = {};
      for (const [name, { data, dims }] of Object.entries(feeds))
        tensors[name] = new Tensor('float32', data, dims);
      const answer = await session.run(tensors);
      return Object.fromEntries(
        Object.entries(answer).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
}
