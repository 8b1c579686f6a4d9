/** What turns texts into the vectors that the Supervisor reads: frozen, one vector a text. */
export interface Encoder {
  /** Names the encoder and its settings: equal ids give equal vectors. */
  readonly id: string;
  readonly dimensions: number;
  /** `[dimensions]` of Euclidean norm 1, or all zeros for a text without words. Shared: not to be written to. */
  encode(text: string): Float32Array;
}
