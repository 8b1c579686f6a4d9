/** Records as tables for a terminal. */
import type { Evaluation, ExactTask } from '../../src/training/records.ts';

/** Columns padded to the widest cell: the first to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c].length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const figure = (value: number | null, digits = 3): string => (value === null ? 'undefined' : value.toFixed(digits));

/** The last exact evaluation of each suite and split. */
export function evaluationTable(evaluations: readonly Evaluation[]): string {
  const last = new Map(evaluations.map((evaluation) => [`${evaluation.suite} ${evaluation.split}`, evaluation]));
  const head = [
    'suite split',
    'step',
    'tasks',
    'success',
    'target',
    'L1',
    'JSD',
    '|dlogZ|',
    'slope',
    'modes',
    'of',
    'credit rho',
  ];
  const rows = Array.from(last, ([name, e]) => [
    name,
    String(e.step),
    String(e.tasks),
    figure(e.success),
    figure(e.targetSuccess),
    figure(e.l1, 4),
    figure(e.jsd, 4),
    figure(e.logZError, 4),
    figure(e.slope),
    figure(e.modes, 1),
    figure(e.modesOfTarget, 1),
    figure(e.creditSpearman),
  ]);
  return table(head, rows);
}

const SHOWN = 20;

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** The first tasks of an answer key, and how many more there are. */
export function exactTable(tasks: readonly ExactTask[]): string {
  const head = ['task', 'states', 'edges', 'outcomes', 'log Z', 'target', 'tree'];
  const rows = tasks
    .slice(0, SHOWN)
    .map((task) => [
      cut(`${task.suite} ${task.split}: ${task.text}`, 60),
      String(task.states),
      String(task.edges),
      String(task.outcomes),
      figure(task.logZ, 6),
      figure(task.targetSuccess),
      task.isTree ? 'yes' : 'no',
    ]);
  const more = tasks.length - SHOWN;
  return table(head, rows) + (more > 0 ? `\nand ${more} more, all of them in the record` : '');
}

/** What needs no learning: mean success of the random policy, the best that is attainable, and the best single act. */
export function plainPolicies(tasks: readonly ExactTask[]): string {
  const groups = new Map<string, ExactTask[]>();
  for (const task of tasks) {
    const name = `${task.suite} ${task.split}`;
    groups.set(name, [...(groups.get(name) ?? []), task]);
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = Array.from(groups, ([name, members]) => {
    const acts = new Set(members.flatMap(({ singleActs = {} }) => Object.keys(singleActs)));
    const singles = [...acts]
      .map((act) => ({ act, success: mean(members.map(({ singleActs = {} }) => singleActs[act] ?? 0)) }))
      .sort((a, b) => b.success - a.success || (a.act < b.act ? -1 : 1));
    return [
      name,
      String(members.length),
      figure(mean(members.map(({ randomSuccess }) => randomSuccess))),
      singles.length === 0 ? '' : `${figure(singles[0].success)} (${singles[0].act})`,
      figure(mean(members.map(({ targetSuccess }) => targetSuccess))),
      figure(mean(members.map(({ attainable }) => (attainable ? 1 : 0)))),
    ];
  });
  return table(['suite split', 'tasks', 'random', 'best single act', 'target', 'attainable'], rows);
}
