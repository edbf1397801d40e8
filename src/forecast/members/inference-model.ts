/** An input: float32 values row by row, and their shape, which starts with the batch. */
export interface InferenceInput {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A loaded model with float32 inputs and outputs, on any runtime. */
export interface InferenceModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs one inference. The caller owns the returned arrays. Rejects when the inputs do not fit the model.
   */
  readonly run: (
    feeds: Readonly<Record<string, InferenceInput>>,
  ) => Promise<Readonly<Record<string, Float32Array>>>;
  readonly close: () => Promise<void>;
}
