/** What a text is made of, by the hashes of its features: Euclidean norm 1, or none for a text without words. */
export interface TextFeatures {
  /** Rising, each once. Two features are taken for one where all 32 bits are the same. */
  readonly keys: Uint32Array;
  readonly weights: Float64Array;
}

/** What turns texts into the vectors that the Supervisor reads: frozen, one vector a text. */
export interface Encoder {
  /** Names the encoder and its settings: equal ids give equal vectors. */
  readonly id: string;
  readonly dimensions: number;
  /**
   * Makes the vectors of texts, so that `encode` can give them at once. Only an encoder that takes time for that has
   * it, and then it must come before `encode`.
   * @throws the signal's reason once it is aborted, and what the encoder fails with
   */
  prepare?(texts: readonly string[], hooks: PrepareHooks): Promise<void>;
  /** `[dimensions]` of Euclidean norm 1, or all zeros for a text without words. Shared: not to be written to. */
  encode(text: string): Float32Array;
  /** What cosines are taken of, where it is not the vectors. */
  readonly features?: (text: string) => TextFeatures;
  /** Frees what makes vectors, where there is anything to free; those that were made stay. */
  release?(): Promise<void>;
}

export interface PrepareHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
  /** Where somebody else uses the GPU too: does a piece of work on it when it is time for that. */
  readonly onGpu?: <T>(work: () => Promise<T>) => Promise<T>;
}
