/** What a language model can be asked to do for a task, and which earlier results each act may be given. */

/** In the order in which a state offers them. */
export const LIVE_ACTS = ['plan', 'recall', 'search', 'calculate', 'write-code', 'run-code', 'try', 'check'] as const;
export type LiveAct = (typeof LIVE_ACTS)[number];

interface ActRule {
  /** Whether it can be done with the task alone. */
  readonly alone: boolean;
  /** Acts whose results it may be given, one at a time. */
  readonly from: readonly LiveAct[];
}

export const ACT_RULES: Readonly<Record<LiveAct | 'answer', ActRule>> = {
  plan: { alone: true, from: [] },
  recall: { alone: true, from: [] },
  search: { alone: true, from: ['plan', 'recall', 'search'] },
  calculate: { alone: true, from: ['plan', 'calculate'] },
  'write-code': { alone: true, from: ['plan'] },
  'run-code': { alone: false, from: ['write-code'] },
  try: { alone: true, from: ['plan', 'try'] },
  check: { alone: false, from: ['recall', 'search', 'calculate', 'run-code', 'try'] },
  answer: { alone: true, from: ['recall', 'search', 'calculate', 'run-code', 'try'] },
};

const NAMES: readonly (LiveAct | 'answer')[] = [...LIVE_ACTS, 'answer'];

/** `search` or `search from {a}`: the act that a template names and whether it reads a result; null for anything else. */
export function actOfTemplate(template: string): { readonly act: LiveAct; readonly reads: boolean } | null {
  const [first = '', second, ...rest] = template.trim().split(/\s+/);
  const act = LIVE_ACTS.find((name) => name === first);
  if (act === undefined) return null;
  if (second === undefined) return { act, reads: false };
  return second === 'from' && rest.length > 0 ? { act, reads: true } : null;
}

/** Whether a text names an act of live tasks. */
export function isActName(text: string): text is LiveAct | 'answer' {
  return NAMES.some((name) => name === text);
}
