/** The experiments that come with the lab, and the results that were recorded of them. */
import type { Results } from '../../experiments/results.ts';
import { resultsSchema } from '../../experiments/resultsSchema.ts';
import { type Experiment, experimentSchema } from '../../experiments/spec.ts';

const FILES = import.meta.glob<unknown>('../../../experiments/*.json', { eager: true, import: 'default' });

/** Addresses of the results that came with the lab: known when it is built, so that none is asked for in vain. */
const RECORDED = import.meta.glob<string>('../../../experiments/results/*.json', {
  eager: true,
  query: '?url',
  import: 'default',
});

/** In the order in which a reader should meet them; what is not listed follows. */
const ORDER = ['collapse', 'credit', 'temperature', 'variance', 'credit-reward', 'balance'];

export const EXPERIMENTS: readonly Experiment[] = Object.values(FILES)
  .map((file) => experimentSchema.parse(file))
  .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));

function rank({ name }: Experiment): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

/** The command that makes an experiment's runs and its results. */
export function commandOf({ name }: Experiment): string {
  return `npm run lab -- experiment experiments/${name}.json --out runs/${name}`;
}

/** A results file that is not one. */
export class BadResults extends Error {
  override readonly name = 'BadResults';
}

/**
 * The recorded results of an experiment, null where none were recorded.
 * @param recorded addresses by file
 * @throws BadResults with the file and the place in it; what `fetch` throws
 */
export async function recordedResults(
  name: string,
  recorded: Readonly<Record<string, string>> = RECORDED,
): Promise<Results | null> {
  const file = `experiments/results/${name}.json`;
  const address = Object.entries(recorded).find(([path]) => path.endsWith(file))?.[1];
  if (address === undefined) return null;
  const response = await fetch(address);
  if (!response.ok) throw new BadResults(`${file} could not be fetched: ${response.status}.`);
  return parseResults(await response.text(), file);
}

/** @throws BadResults */
export function parseResults(text: string, file: string): Results {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadResults(`${file} is not JSON. Make it again with the command of the experiment.`);
  }
  const parsed = resultsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path.map(String).join('.') ?? '';
  throw new BadResults(`${file}, ${at}: ${issue?.message ?? 'not results of an experiment'}`);
}
