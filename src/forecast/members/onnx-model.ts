import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { InferenceModel } from './inference-model.ts';

/**
 * Loads an ONNX graph for single rows. It uses one thread: a second one is not faster at batch 1 and makes
 * the slowest runs slower. Rejects with the runtime's reason.
 */
export async function openOnnx(bytes: Uint8Array): Promise<InferenceModel> {
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
