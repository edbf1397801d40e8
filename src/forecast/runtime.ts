/** What PatchTST can be run on: ONNX Runtime, or TensorFlow.js where the user installed it. Trees always run on ONNX Runtime. */
export const RUNTIMES = ['onnx', 'tfjs'] as const;
export type Runtime = (typeof RUNTIMES)[number];
