/** An experiment in a file that a person opens: what is wrong with it is said place by place. Pure. */
import { countRuns, type Experiment, mainRuns, readExperiment, tuningRuns } from '../../experiments/spec.ts';
import { BadConfig, type Problem } from '../../training/badConfig.ts';
import type { TextFile } from '../kept/keptRun.ts';

/** More than these take days in a page. */
export const MOST_RUNS = 2000;

/** The file holds no experiment that can be run here. */
export class BadExperiment extends Error {
  override readonly name = 'BadExperiment';
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/** @throws BadExperiment */
export function experimentIn({ name, text }: TextFile): Experiment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadExperiment(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  try {
    const experiment = readExperiment(value);
    const runs = countRuns(experiment);
    if (runs > MOST_RUNS) {
      const more = `${runs.toLocaleString('en')} runs, and the page makes up to ${MOST_RUNS.toLocaleString('en')}`;
      throw new BadExperiment(`${name} plans ${more}. The command line has no such limit.`);
    }
    // What the arms make of the base is wrong only where it is planned.
    tuningRuns(experiment);
    mainRuns(experiment, []);
    return experiment;
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    throw new BadExperiment(`${name} is no experiment that can be run.`, error.problems);
  }
}
