/** The text encoder a config names. */
import type { Encoder } from '../encoder/encoder.ts';
import { hashedEncoder } from '../encoder/hashedEncoder.ts';
import type { RunConfig } from './config.ts';

export function encoderOf(config: RunConfig): Encoder {
  return hashedEncoder(config.encoder.dimensions);
}
