/** What was asked for on the command line. */
import { parseArgs } from 'node:util';
import { BadInput } from './badInput.ts';

export interface Override {
  readonly path: string;
  /** As written; `applyOverrides` reads it. */
  readonly value: string;
}

/** Where a run computes: in a headless Chromium, or in Node itself. */
export type Place = 'browser' | 'node';

export type Command =
  | { readonly verb: 'help' }
  | {
      readonly verb: 'exact';
      readonly config: string;
      readonly out: string;
      readonly overrides: readonly Override[];
      /** folder of skills that can be carried out; null for those of the config */
      readonly library: string | null;
    }
  | {
      readonly verb: 'run';
      readonly config: string;
      readonly out: string;
      readonly overrides: readonly Override[];
      readonly resume: boolean;
      readonly on: Place;
      /** folder of skills that the run begins with; null for those of the config */
      readonly library: string | null;
      /** where the last checkpoint goes too; null for nowhere */
      readonly checkpoint: string | null;
    }
  | {
      readonly verb: 'experiment';
      /** path of the experiment's file */
      readonly config: string;
      /** folder */
      readonly out: string;
      readonly overrides: readonly Override[];
      readonly on: Place;
      readonly jobs: number;
      /** arms to run; null for all */
      readonly only: readonly string[] | null;
      /** suites to run on; null for all */
      readonly suites: readonly string[] | null;
    }
  /** `out` is a folder. */
  | { readonly verb: 'skills'; readonly record: string; readonly out: string }
  /** `out` is a folder. */
  | { readonly verb: 'export'; readonly checkpoint: string; readonly out: string }
  | { readonly verb: 'audit'; readonly records: readonly string[]; readonly out: string };

export const USAGE = `npm run lab -- exact CONFIG --out FILE [--library FOLDER] [--set PATH=VALUE]...
npm run lab -- run CONFIG --out FILE [--on browser|node] [--library FOLDER] [--checkpoint FILE] [--resume] [--device auto|webgpu|cpu] [--set PATH=VALUE]...
npm run lab -- experiment FILE --out FOLDER [--on node|browser] [--jobs N] [--only ARM,...] [--suites NAME,...] [--set PATH=VALUE]...
npm run lab -- skills RECORD --out FOLDER
npm run lab -- export CHECKPOINT --out FOLDER
npm run lab -- audit RECORD... --out FILE

exact  enumerates the tasks of a config, with the skills in the folder if one is named, and writes their answer key;
       of live suites it asks the model everything that there is to ask
run    trains and writes the record of the run, in a headless Chromium or, with --on node, without a browser;
       --library FOLDER begins with the skills in the folder, each a file NAME/SKILL.md,
       --checkpoint FILE keeps the weights that it ended with, as safetensors
experiment  makes the runs of an experiment and writes results.json, results.parquet and report.html into a folder;
       --jobs N makes N runs at a time, --only some of the arms, --suites some of the suites, --set overrides fields of every run
skills writes the skills that a run ended with, as files NAME/SKILL.md
export writes the Supervisor of a checkpoint as ONNX, once onnxruntime has given what the lab gives (docs/deploy.md)
audit  says by the exact solver which removals of a run were right, which of its skills nobody needs, and what the
       best library of its size, of all plans that it proposed, would have allowed
--set  overrides a field, e.g. --set objective.kind=tb --set suites[0].settings.height=16
`;

const OPTIONS = {
  out: { type: 'string' },
  set: { type: 'string', multiple: true },
  device: { type: 'string' },
  on: { type: 'string' },
  resume: { type: 'boolean' },
  jobs: { type: 'string' },
  only: { type: 'string' },
  suites: { type: 'string' },
  library: { type: 'string' },
  checkpoint: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const VERBS = ['exact', 'run', 'experiment', 'skills', 'export', 'audit'] as const;

function isVerb(verb: string | undefined): verb is (typeof VERBS)[number] {
  return VERBS.some((known) => known === verb);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new BadInput(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function readOverride(text: string): Override {
  const equals = text.indexOf('=');
  if (equals < 1) throw new BadInput(`--set ${text}: write it as PATH=VALUE, e.g. --set seed=1`);
  return { path: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** @param argv what follows the script's name @throws BadInput */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help === true) return { verb: 'help' };
  const [verb, config, ...more] = positionals;
  if (!isVerb(verb)) {
    throw new BadInput(
      `The command is ${verb === undefined ? 'missing' : `"${verb}"`}; it may be ${VERBS.slice(0, -1).join(', ')} or ${VERBS.at(-1)}.\n\n${USAGE}`,
    );
  }
  if (verb === 'skills' || verb === 'export') return folderCommand(verb, values, config, more);
  if (verb === 'audit') return auditCommand(values, positionals.slice(1));
  if (config === undefined) throw new BadInput(`${verb} needs the path of a config, e.g. configs/hypergrid-8x8.json`);
  if (more.length > 0) throw new BadInput(`${verb} takes one config; "${more[0]}" is one too many`);
  if (values.out === undefined || values.out === '')
    throw new BadInput(`${verb} needs --out ${verb === 'experiment' ? 'FOLDER' : 'FILE'}`);
  const device = values.device === undefined ? [] : [{ path: 'device', value: values.device }];
  if (values.library !== undefined && verb !== 'run' && verb !== 'exact')
    throw new BadInput(`--library belongs to run and exact: ${verb} takes the skills from its file alone`);
  const { library = null } = values;
  if (library === '') throw new BadInput('--library needs the path of a folder');
  if (values.checkpoint !== undefined && verb !== 'run')
    throw new BadInput(`--checkpoint belongs to run: ${verb} keeps no weights`);
  for (const option of ['jobs', 'only', 'suites'] as const)
    if (values[option] !== undefined && verb !== 'experiment')
      throw new BadInput(`--${option} belongs to experiment: ${verb} has one config`);
  if (values.resume === true && verb !== 'run')
    throw new BadInput(
      `--resume belongs to run: ${verb === 'experiment' ? 'an experiment goes on with the runs in its folder as it is' : 'exact has nothing to resume'}`,
    );
  const overrides = [...(values.set ?? []).map(readOverride), ...device];
  const on = values.on ?? (verb === 'experiment' ? 'node' : 'browser');
  if (on !== 'browser' && on !== 'node') throw new BadInput(`--on ${on}: it may be browser or node`);
  if (verb === 'run') {
    const { checkpoint = null } = values;
    if (checkpoint === '') throw new BadInput('--checkpoint needs the path of a file');
    return { verb, config, out: values.out, overrides, resume: values.resume === true, on, library, checkpoint };
  }
  if (verb === 'experiment') {
    const jobs = Number(values.jobs ?? 1);
    if (!Number.isInteger(jobs) || jobs < 1)
      throw new BadInput(`--jobs ${values.jobs}: it takes a whole number above 0`);
    const list = (text: string | undefined) => text?.split(',').map((name) => name.trim()) ?? null;
    const [only, suites] = [list(values.only), list(values.suites)];
    return { verb, config, out: values.out, overrides, on, jobs, only, suites };
  }
  if (values.on !== undefined) throw new BadInput('--on belongs to run and experiment: exact always computes in Node');
  return { verb, config, out: values.out, overrides, library };
}

function auditCommand({ out, ...others }: ReturnType<typeof parse>['values'], records: readonly string[]): Command {
  if (records.length === 0) throw new BadInput('audit needs the path of a record, e.g. runs/household.json');
  if (out === undefined || out === '') throw new BadInput('audit needs --out FILE');
  const [other] = Object.keys(others);
  if (other !== undefined) throw new BadInput(`audit takes no --${other}: it reads what the records hold`);
  return { verb: 'audit', records, out };
}

/** What takes one file and writes into a folder. */
function folderCommand(
  verb: 'skills' | 'export',
  { out, ...others }: ReturnType<typeof parse>['values'],
  file: string | undefined,
  more: readonly string[],
): Command {
  const [what, example] =
    verb === 'skills' ? (['record', 'runs/tb.json'] as const) : (['checkpoint', 'runs/tb.safetensors'] as const);
  if (file === undefined) throw new BadInput(`${verb} needs the path of a ${what}, e.g. ${example}`);
  if (more.length > 0) throw new BadInput(`${verb} takes one ${what}; "${more[0]}" is one too many`);
  if (out === undefined || out === '') throw new BadInput(`${verb} needs --out FOLDER`);
  const [other] = Object.keys(others);
  if (other !== undefined) throw new BadInput(`${verb} takes no --${other}: it writes what the ${what} holds`);
  return verb === 'skills' ? { verb, record: file, out } : { verb, checkpoint: file, out };
}
