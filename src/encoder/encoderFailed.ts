/** What can go wrong between a model's address and its vectors, told apart by what mends it. */
export const ENCODER_FAULTS = [
  'bad-address',
  'not-found',
  'refused',
  'offline',
  'bad-answer',
  'no-file',
  'too-large',
  'not-onnx',
  'model-refused',
  'wrong-model',
  'bad-tokenizer',
  'tokenizer-mismatch',
  'out-of-memory',
  'no-runtime',
] as const;
export type EncoderFault = (typeof ENCODER_FAULTS)[number];

/** The sentence encoder cannot be used. Nothing was trained. */
export class EncoderFailed extends Error {
  override readonly name = 'EncoderFailed';
  /**
   * @param what what happened and where
   * @param hint what mends it
   */
  constructor(
    readonly fault: EncoderFault,
    what: string,
    readonly hint: string,
  ) {
    super(what);
  }
}
