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

/** How a plan names an act: `search`, or `search-from note` where it reads a note. */
export function planTextOf(act: LiveAct | 'answer', reads: boolean): string {
  return reads ? `${act}-from note` : act;
}

/** The act that a line of a plan names and whether it reads a note; null for anything else. */
export function actOfTemplate(template: string): { readonly act: LiveAct; readonly reads: boolean } | null {
  const kind = template.trim().split(/\s+/)[0];
  const reads = kind.endsWith('-from');
  const act = LIVE_ACTS.find((name) => name === (reads ? kind.slice(0, -'-from'.length) : kind));
  return act === undefined ? null : { act, reads };
}
