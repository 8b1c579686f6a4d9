/** The text encoder a config names. */
import type { Encoder } from '../encoder/encoder.ts';
import { EncoderFailed } from '../encoder/encoderFailed.ts';
import { hashedEncoder } from '../encoder/hashedEncoder.ts';
import { matchingWords } from '../encoder/textFeatures.ts';
import { BadConfig } from './badConfig.ts';
import type { EncoderSettings, HashedSettings, OnnxSettings } from './config.ts';

export interface OpenEncoderHooks {
  readonly onProgress: (text: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
}

/** Opens a sentence encoder: its files come from different places in a browser and in Node. @throws EncoderFailed */
export type OpenEncoder = (settings: OnnxSettings, hooks: OpenEncoderHooks) => Promise<Encoder>;

/** The hashed encoder of a config: there at once. */
export function hashedEncoderOf(settings: HashedSettings): Encoder {
  return matched(hashedEncoder(settings.dimensions), settings);
}

function matched(encoder: Encoder, { match }: EncoderSettings): Encoder {
  return match === 'words' ? matchingWords(encoder) : encoder;
}

/**
 * The encoder of a config.
 * @param open absent where no sentence encoder can be opened
 * @throws EncoderFailed; BadConfig where the config gives other dimensions than the model has
 */
export async function encoderOf(
  settings: EncoderSettings,
  open: OpenEncoder | undefined,
  hooks: OpenEncoderHooks,
): Promise<Encoder> {
  if (settings.kind === 'hashed') return hashedEncoderOf(settings);
  if (open === undefined) {
    throw new EncoderFailed(
      'no-runtime',
      'A sentence encoder cannot be opened here.',
      'Make this run in the lab or with npm run lab -- run, or take the encoder of kind "hashed".',
    );
  }
  const encoder = await open(settings, hooks);
  const { dimensions = encoder.dimensions } = settings;
  if (dimensions === encoder.dimensions) return matched(encoder, settings);
  const allowed = `the model gives vectors of ${encoder.dimensions} numbers: leave it out, or write ${encoder.dimensions}`;
  throw new BadConfig([{ path: 'encoder.dimensions', holds: String(dimensions), allowed }]);
}
