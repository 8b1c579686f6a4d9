/** A live task as a Task: its graph is what the results so far have shown of it. */
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Results } from '../../graph/call.ts';
import type { Task } from '../../graph/world.ts';
import type { LiveTask } from './notesWorld.ts';
import { notesWorld } from './notesWorld.ts';

const NO_RESULTS: Results = { get: () => undefined };

/** @param live made when the task is first compiled */
export function asTask(
  place: Pick<Task, 'suite' | 'split' | 'index' | 'answers'>,
  text: string,
  live: () => LiveTask,
): Task {
  let made: LiveTask | null = null;
  return {
    ...place,
    text,
    compile({ limits, skills, results = NO_RESULTS } = {}) {
      made ??= live();
      return buildGraph(place.suite, text, notesWorld(made, results, skills), limits);
    },
  };
}

/** The first line of an answer: what a model adds below it was not asked for. */
export function firstLine(answer: string): string {
  return answer.trim().split('\n', 1)[0].trim();
}

/** The program in an answer: what stands in its first fence, or all of it. */
export function codeIn(answer: string): string {
  const fenced = /```[^\n]*\n([\s\S]*?)```/.exec(answer);
  return (fenced?.[1] ?? answer).trim();
}
