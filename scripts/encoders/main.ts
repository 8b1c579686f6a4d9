/**
 * `node scripts/encoders.mjs CONFIG --encoders hashed-256,use-512 --use FOLDER --seeds 0,1,2 --out FILE`: trains the
 * same config with each encoder and each seed on the CPU, and compares the exact success after the last step.
 */
import { parseArgs } from 'node:util';
import type { Encoder } from '../../src/encoder/encoder.ts';
import { hashedEncoder } from '../../src/encoder/hashedEncoder.ts';
import { matchingWords } from '../../src/encoder/textFeatures.ts';
import { inWords, meanInterval, pairedDifference } from '../../src/experiments/intervals.ts';
import { createCpuBackend } from '../../src/gpu/cpuBackend.ts';
import type { Evaluation } from '../../src/training/records.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { createTrainer } from '../../src/training/trainer.ts';
import { readJson, writeWhole } from '../lab/files.ts';
import { applyOverrides } from '../lab/overrides.ts';
import { centred, universalEncoder } from './universalEncoder.ts';

interface Row {
  readonly encoder: string;
  readonly seed: number;
  readonly seconds: number;
  readonly evaluations: readonly Evaluation[];
}

const hooks = { onProgress: () => {}, signal: new AbortController().signal };
const SPLITS = ['train', 'heldOut'] as const;

async function encoderNamed(name: string, use: string | undefined): Promise<Encoder> {
  const words = /^(.+)-words$/.exec(name);
  if (words) return matchingWords(await encoderNamed(words[1], use));
  const hashed = /^hashed-(\d+)$/.exec(name);
  if (hashed) return hashedEncoder(Number(hashed[1]));
  if (name === 'use-512' && use !== undefined) return await universalEncoder(use);
  if (name === 'use-512-centred' && use !== undefined) return centred(await universalEncoder(use));
  throw new Error(
    `--encoders ${name}: it may be hashed-DIMENSIONS, or use-512 or use-512-centred with --use FOLDER, each with -words behind it`,
  );
}

async function train(input: object, encoder: Encoder): Promise<readonly Evaluation[]> {
  const config = resolveConfig(input);
  const trainer = await createTrainer(config, createCpuBackend(), hooks, { encoder, references: false });
  while (trainer.step < config.steps) {
    await trainer.train(Math.min(10, config.steps - trainer.step));
    await trainer.drain();
  }
  return await trainer.evaluate({ all: true, signal: hooks.signal, onProgress: () => {} });
}

function success(rows: readonly Row[], encoder: string, split: string): ReadonlyMap<number, number> {
  const own = rows.filter((row) => row.encoder === encoder);
  return new Map(
    own.map(({ seed, evaluations }) => {
      const of = evaluations.filter((evaluation) => evaluation.split === split);
      return [seed, of.reduce((sum, one) => sum + one.success / of.length, 0)];
    }),
  );
}

function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ encoder }) => encoder))];
  const lines = names.flatMap((name) =>
    SPLITS.map((split) => {
      const found = success(rows, name, split);
      const bySeed = [...found.values()].map((value) => value.toFixed(3)).join(' ');
      const beside = name === names[0] ? '' : inWords(pairedDifference(found, success(rows, names[0], split)));
      return `| \`${name}\` | ${split} | ${bySeed} | ${inWords(meanInterval([...found.values()]))} | ${beside} |`;
    }),
  );
  const head = `| encoder | split | success, by seed | mean | beside \`${names[0]}\`, seed by seed |\n| --- | --- | --- | --- | --- |`;
  return [head, ...lines].join('\n');
}

/** @returns the exit status */
export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      encoders: { type: 'string', default: 'hashed-256,hashed-512' },
      seeds: { type: 'string', default: '0,1,2' },
      use: { type: 'string' },
      out: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const [path] = positionals;
  if (path === undefined || values.out === undefined) {
    console.error(
      'node scripts/encoders.mjs CONFIG --out FILE [--encoders A,B] [--seeds 0,1] [--use FOLDER] [--set PATH=VALUE]',
    );
    return 2;
  }
  const overrides = values.set.map((text) => {
    const equals = text.indexOf('=');
    return { path: text.slice(0, equals), value: text.slice(equals + 1) };
  });
  const input = applyOverrides(readJson(path), overrides);
  if (typeof input !== 'object' || input === null) throw new Error(`${path} holds no config`);
  const rows: Row[] = [];
  for (const seed of values.seeds.split(',').map(Number)) {
    for (const name of values.encoders.split(',')) {
      const encoder = await encoderNamed(name, values.use);
      const start = performance.now();
      const evaluations = await train({ ...input, seed, device: 'cpu' }, encoder);
      const seconds = (performance.now() - start) / 1000;
      rows.push({ encoder: name, seed, seconds, evaluations });
      const heldOut = success(rows, name, 'heldOut').get(seed);
      console.error(`${name}, seed ${seed}: held-out success ${heldOut?.toFixed(3)}, ${seconds.toFixed(0)} s`);
      writeWhole(values.out, JSON.stringify({ config: resolveConfig({ ...input, device: 'cpu' }), rows }, null, 1));
    }
  }
  console.log(table(rows));
  return 0;
}
