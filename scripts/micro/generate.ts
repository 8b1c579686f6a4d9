/** Writes the examples to train on: `generate.mjs <count> <seed> <split>` prints one JSON object a line. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { flatPrompt } from '../../src/executor/micro/flatPrompt.ts';
import { messagesOf, PROMPTS } from '../../src/executor/prompt.ts';
import { exampleAt } from './data/examples.ts';

export async function main([file, count, seed, split = 'train']: readonly string[]): Promise<number> {
  if (
    file === undefined ||
    !(Number(count) > 0) ||
    !Number.isInteger(Number(seed)) ||
    !/^(train|heldOut)$/.test(split)
  ) {
    process.stderr.write('Usage: node scripts/micro/generate.mjs <file> <count> <seed> [train|heldOut]\n');
    return 2;
  }
  const out = createWriteStream(file);
  const wordings = split === 'train' ? 'train' : 'heldOut';
  for (let index = 0; index < Number(count); index++) {
    const { suite, instruction, call, want } = exampleAt(Number(seed), index, {
      split: split === 'train' ? 'train' : 'heldOut',
      wordings,
    });
    const prompt = flatPrompt(messagesOf(call, PROMPTS));
    const line = JSON.stringify({ suite, act: call.act, instruction, prompt, answer: ` ${want}` });
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return 0;
}
