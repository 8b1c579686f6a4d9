/** A language model as the writer of skills: it reads the plan and what the flow chose as evidence, and writes the text. */
import type { Call } from '../graph/call.ts';
import type { Writer } from '../skills/writer.ts';
import type { Executor } from './executor.ts';

/** The act under which a skill is written; see prompts/write-skill.md. */
export const WRITE_SKILL = 'write-skill';

/**
 * A writer that asks the model of an executor. What it wrote is stored as any result is, so that a run that is
 * repeated has the same texts.
 */
export function skillWriter(executor: Executor, signal?: AbortSignal): Writer {
  return {
    async write(plan, examples) {
      const call: Call = {
        act: WRITE_SKILL,
        task: plan.join(', then '),
        inputs: examples.map((row) => row.join('; ')),
        skill: null,
      };
      await executor.carryOut([call], signal ? { signal } : {});
      const answer = executor.get(call) ?? '';
      if (answer === '') throw new Error('the model gave no answer');
      return JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
    },
  };
}
