/**
 * The runtimes of PatchTST: ONNX Runtime, or TensorFlow.js if the user installed it. Trees always run on ONNX
 * Runtime.
 */
export const RUNTIMES = ['onnx', 'tfjs'] as const;
export type Runtime = (typeof RUNTIMES)[number];
