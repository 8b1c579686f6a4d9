/** The command line: reads the arguments, runs the command, and turns errors into exit statuses. */

import { parseCommand, USAGE } from './arguments.ts';
import { auditCommand } from './audit.ts';
import { exactCommand } from './exact.ts';
import { experimentCommand } from './experiment.ts';
import { exportCommand } from './exportModels.ts';
import { readJson } from './files.ts';
import { applyOverrides } from './overrides.ts';
import { runCommand } from './run.ts';
import { skillsCommand, withLibrary } from './skillFiles.ts';

const BAD_INPUT = 2;
const STOPPED = 3;

/** Errors that a person can mend in what they wrote; by name, for some of them come out of the page. */
const INPUT_ERRORS = [
  'BadInput',
  'BadConfig',
  'BadRecord',
  'BadCheckpoint',
  'BadSkillFile',
  'EncoderFailed',
  'GraphTooLarge',
  'NonPositiveReward',
];

/** @param argv what follows the script's name @returns the exit status */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(argv);
    if (command.verb === 'help') {
      console.log(USAGE);
      return 0;
    }
    if (command.verb === 'experiment') return await experimentCommand(command, argv);
    if (command.verb === 'audit') return auditCommand(command.records, command.out);
    if (command.verb === 'export') return await exportCommand(command.checkpoint, command.out);
    if (command.verb === 'skills') return skillsCommand(command.record, command.out);
    const config = applyOverrides(readJson(command.config), command.overrides);
    const begun = command.library === null ? config : withLibrary(config, command.library);
    if (command.verb === 'exact') return await exactCommand(begun, command.out);
    return await runCommand(begun, command.out, command.resume, command.on, command.checkpoint);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const mendable = INPUT_ERRORS.includes(error.name);
    const hint = 'hint' in error && typeof error.hint === 'string' ? `\n${error.hint}` : '';
    console.error(`${mendable ? '' : `${error.name}: `}${error.message}${hint}`);
    return mendable ? BAD_INPUT : STOPPED;
  }
}
