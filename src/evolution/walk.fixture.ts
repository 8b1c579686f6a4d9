/** Walks made by hand, and graphs with skills set by hand. Tests only. */
import type { TableWorld } from '../graph/arbitraryWorld.fixture.ts';
import { tableWorld } from '../graph/arbitraryWorld.fixture.ts';
import { buildGraph } from '../graph/buildGraph.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';
import type { Estimate } from '../skills/skill.ts';
import type { SkillDiagnostics } from './diagnostics.ts';
import type { EvolutionInput, EvolutionSettings } from './settings.ts';
import { evolutionSchema } from './settings.ts';
import type { CreditedWalk, WalkedTask, WalkStep } from './walks.ts';

export function settingsOf(input: EvolutionInput = {}): EvolutionSettings {
  return evolutionSchema.parse(input);
}

/** A task of which only its identity is looked at; each call makes another. */
export function taskOf(task: number, suite = 'made'): WalkedTask {
  const graph = tableGraph({ moves: [[~0]], rewards: [1] });
  return { suite, split: 'train', task, text: `task ${task}`, graph, logTarget: new Float64Array(1) };
}

export function stepOf(fields: Partial<WalkStep> = {}): WalkStep {
  const step = { edge: 0, source: 0, action: 'go home', kind: 'act' as const, slot: null, situation: 'go' };
  const { action = step.action } = fields;
  return { ...step, credit: 0, centred: 0, logFlow: 0, said: action, ...fields };
}

export function walkOf(
  task: WalkedTask,
  steps: readonly Partial<WalkStep>[],
  rest: Partial<Omit<CreditedWalk, 'task' | 'steps'>> = {},
): CreditedWalk {
  return { task, steps: steps.map(stepOf), outcome: 'the end', reward: 0, solved: false, ...rest };
}

export function tableGraph(table: TableWorld): TaskGraph {
  return buildGraph('table', 'a table', tableWorld(table));
}

/** The graph with some of its edges made those of skills. @param slots `[edge, slot]` */
export function withSlots(graph: TaskGraph, slots: readonly (readonly [edge: number, slot: number])[]): TaskGraph {
  const [kind, skill] = [graph.kind.slice(), graph.skill.slice()];
  for (const [edge, slot] of slots) {
    kind[edge] = ACTION_KINDS.indexOf('skill');
    skill[edge] = slot + 1;
  }
  return { ...graph, kind, skill };
}

export const estimate = (low: number, mean = low, high = mean): Estimate => ({ low, mean, high });

/** Diagnostics of a skill that does well. */
export function diagnosticsOf(slot: number, fields: Partial<SkillDiagnostics> = {}): SkillDiagnostics {
  const statistics = { step: 10, visits: 20, flowShare: 0.1, bySituation: [] };
  return {
    slot,
    ...statistics,
    G: estimate(0),
    J: estimate(0),
    lambda: estimate(1),
    g: estimate(1),
    ...fields,
  };
}
