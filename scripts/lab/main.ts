/** The command line: reads the arguments, runs the command, and turns errors into exit statuses. */
import { parseCommand, USAGE } from './arguments.ts';
import { exactCommand } from './exact.ts';
import { readJson } from './files.ts';
import { applyOverrides } from './overrides.ts';
import { runCommand } from './run.ts';

const BAD_INPUT = 2;
const STOPPED = 3;

/** Errors that a person can mend in what they wrote; by name, for some of them come out of the page. */
const INPUT_ERRORS = ['BadInput', 'BadConfig', 'GraphTooLarge', 'NonPositiveReward'];

/** @param argv what follows the script's name @returns the exit status */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(argv);
    if (command.verb === 'help') {
      console.log(USAGE);
      return 0;
    }
    const config = applyOverrides(readJson(command.config), command.overrides);
    return command.verb === 'exact'
      ? await exactCommand(config, command.out)
      : await runCommand(config, command.out, command.resume, command.on);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const mendable = INPUT_ERRORS.includes(error.name);
    console.error(mendable ? error.message : `${error.name}: ${error.message}`);
    return mendable ? BAD_INPUT : STOPPED;
  }
}
