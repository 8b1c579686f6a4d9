/** `experiment`: makes the runs of an experiment, each in a process of its own, and writes what they came to. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Results } from '../../src/experiments/results.ts';
import type { RecordShelf } from '../../src/experiments/runExperiment.ts';
import { runExperiment } from '../../src/experiments/runExperiment.ts';
import type { Experiment, PlannedRun } from '../../src/experiments/spec.ts';
import { readExperiment } from '../../src/experiments/spec.ts';
import { parquetColumns } from '../../src/experiments/table.ts';
import { variancesOf } from '../../src/experiments/varianceStage.ts';
import { createCpuBackend } from '../../src/gpu/cpuBackend.ts';
import type { RunRecord } from '../../src/training/records.ts';
import type { Command, Override } from './arguments.ts';
import { BadInput } from './badInput.ts';
import { CANCELLED, cancelOnInterrupt } from './cancel.ts';
import { partialPath, readJson, writeWhole } from './files.ts';
import { applyOverrides } from './overrides.ts';
import { progressOn } from './progress.ts';

type ExperimentCommand = Extract<Command, { readonly verb: 'experiment' }>;

const say = (line: string): void => console.error(line);

/** Records as files of a folder. */
function recordShelf(folder: string): RecordShelf {
  const path = (id: string): string => join(folder, `${id}.json`);
  return {
    read: async (id) => (existsSync(path(id)) ? (JSON.parse(readFileSync(path(id), 'utf8')) as RunRecord) : null),
    write: async (id, record) => writeWhole(path(id), JSON.stringify(record)),
  };
}

/** One run by `npm run lab -- run`, in a process of its own. */
function makeIn(folder: string, on: string): (run: PlannedRun, signal: AbortSignal) => Promise<RunRecord> {
  return (run, signal) =>
    new Promise((resolve, reject) => {
      const config = join(folder, `${run.id}.config.json`);
      const out = join(folder, `${run.id}.json`);
      writeFileSync(config, JSON.stringify(run.config));
      const child = spawn(process.execPath, [process.argv[1], 'run', config, '--on', on, '--out', out, '--resume'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => {
        errors = (errors + chunk.toString()).slice(-2000);
      });
      const stop = (): void => {
        child.kill('SIGINT');
      };
      signal.addEventListener('abort', stop);
      child.on('error', reject);
      child.on('close', () => {
        signal.removeEventListener('abort', stop);
        const found = [out, partialPath(out)].find((file) => existsSync(file));
        if (found === undefined) reject(new Error(errors.trim().split('\n').slice(-3).join(' ')));
        else resolve(JSON.parse(readFileSync(found, 'utf8')) as RunRecord);
      });
    });
}

function write(folder: string, results: Results, partial: boolean, report: string): void {
  const name = (file: string): string => join(folder, partial ? `${file}.partial` : file);
  writeFileSync(name('results.json'), `${JSON.stringify(results)}\n`);
  writeFileSync(name('results.parquet'), new Uint8Array(parquetWriteBuffer({ columnData: parquetColumns(results) })));
  writeFileSync(name('report.html'), report);
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/**
 * Those of a list that were asked for by name.
 * @param parts what stood between commas; a name with a comma in it stands in several
 * @throws BadInput for a name that is not there
 */
export function chosenOf<T extends { readonly name: string }>(
  option: string,
  parts: readonly string[] | null,
  of: readonly T[],
): T[] {
  if (parts === null) return [...of];
  const spelt = (name: string) =>
    name
      .split(',')
      .map((part) => part.trim())
      .join(', ');
  const chosen = new Set<T>();
  for (let first = 0; first < parts.length; ) {
    const longest = of
      .filter(({ name }) => `${parts.slice(first).join(', ')}, `.startsWith(`${spelt(name)}, `))
      .sort((a, b) => b.name.length - a.name.length)
      .at(0);
    if (longest === undefined)
      throw new BadInput(`${option} ${parts[first]}: there are ${of.map(({ name }) => `"${name}"`).join(', ')}`);
    chosen.add(longest);
    first += longest.name.split(',').length;
  }
  return of.filter((one) => chosen.has(one));
}

/**
 * The experiment with fields of every run overridden, also where a suite says something else of them.
 * @throws BadInput for a field by which arms or runs differ, and as `applyOverrides` and `readExperiment` do
 */
export function overridden(input: object, overrides: readonly Override[]): Experiment {
  const base = applyOverrides('base' in input ? input.base : {}, overrides);
  const read = readExperiment({ ...input, base });
  const { arms, suites, tune } = read;
  const grids = tune ? [tune.grid, ...Object.values(tune.ofArm)].flatMap((grid) => Object.keys(grid)) : [];
  const own = new Set([...arms.flatMap(({ set }) => Object.keys(set)), ...grids]);
  const paths = overrides.map(({ path }) => path);
  for (const path of paths) {
    if (path === 'seed') throw new BadInput("--set seed: an experiment's runs differ by their seeds; change its file");
    if (path !== 'device' && own.has(path)) {
      throw new BadInput(`--set ${path}: this experiment compares values of it; change its file instead`);
    }
  }
  const without = <T extends { readonly set: Experiment['base'] }>(place: T): T => ({
    ...place,
    set: Object.fromEntries(Object.entries(place.set).filter(([path]) => !paths.includes(path))),
  });
  return { ...read, suites: suites.map(without), arms: arms.map(without) };
}

/** @returns the exit status @throws BadInput, BadConfig */
export async function experimentCommand(command: ExperimentCommand, argv: readonly string[]): Promise<number> {
  const input = readJson(command.config);
  if (typeof input !== 'object' || input === null) throw new BadInput(`${command.config} holds no experiment`);
  const whole = overridden(input, command.overrides);
  const arms = chosenOf('--only', command.only, whole.arms);
  const suites = chosenOf('--suites', command.suites, whole.suites);
  const names = arms.map(({ name }) => name);
  const tuned = whole.tune && { ...whole.tune, arms: whole.tune.arms.filter((name) => names.includes(name)) };
  const experiment: Experiment = {
    ...whole,
    arms,
    suites,
    baseline: whole.baseline !== undefined && names.includes(whole.baseline) ? whole.baseline : undefined,
    tune: tuned && tuned.arms.length > 0 ? tuned : undefined,
  };
  const folder = join(command.out, 'runs');
  mkdirSync(folder, { recursive: true });
  const signal = cancelOnInterrupt();
  const progress = progressOn(process.stderr);
  const results = await runExperiment(experiment, {
    shelf: recordShelf(folder),
    make: makeIn(folder, command.on),
    jobs: command.jobs,
    signal,
    now: () => performance.now(),
    onProgress: ({ done, of, failed, running, secondsLeft }) => {
      const left = secondsLeft === null ? '' : `  about ${Math.ceil(secondsLeft / 60)} min left`;
      const bad = failed > 0 ? `  ${failed} failed` : '';
      progress.show(`${done} of ${of} runs${bad}${left}  ${running.join('; ')}`);
    },
  });
  const variances = signal.aborted ? [] : await variancesOf(experiment, { backend: () => createCpuBackend(), signal });
  progress.end();
  const complete = { ...results, variances };
  const { reportHtml } = await import('../../src/experiments/report.ts');
  const made = new Date().toISOString();
  const line = `npm run lab -- ${argv.map(quoted).join(' ')}`;
  write(command.out, complete, signal.aborted, reportHtml(complete, { command: line, made }));
  const failed = complete.runs.filter(({ status }) => status === 'failed');
  for (const { arm, suite, seed, error } of failed) say(`${arm} on ${suite}, seed ${seed}, failed: ${error}`);
  if (signal.aborted) {
    say(`cancelled; what there is is in ${command.out}; the same command goes on`);
    return CANCELLED;
  }
  say(`written to ${command.out}: results.json, results.parquet, report.html`);
  return failed.length > 0 ? 3 : 0;
}
