/**
 * The lab's state in the address, after `#`: `preset`, every setting that differs from it under its
 * own path, and what is shown. Example: `#preset=first-minute&objective.beta=6&view=credit&task=heldOut.3`.
 * Everything read from there is checked; what is wrong is named and left out, the rest holds.
 */
import { z } from 'zod';
import type { Split } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import { skillDraftSchema } from '../skills/skill.ts';
import { configSchema } from '../training/config.ts';
import { type Draft, differences, type Json, keysOf, parseDraft, withValue } from './settings/draft.ts';

export const VIEWS = ['flow', 'credit', 'skills', 'executor', 'compare', 'experiments', 'lessons'] as const;
export type View = (typeof VIEWS)[number];
export type Theme = 'light' | 'dark';

/** What Skills lists below its chart. */
export const SKILL_LISTS = ['cards', 'tree', 'rejects', 'log'] as const;
export type SkillList = (typeof SKILL_LISTS)[number];

export interface TaskChoice {
  readonly split: Split;
  readonly index: number;
}

export interface UrlState {
  readonly preset: string | null;
  readonly draft: Draft;
  readonly view: View;
  readonly task: TaskChoice | null;
  /** null: as the system prefers. */
  readonly theme: Theme | null;
  readonly controls: 'show' | 'hide';
  /** What Compare groups runs by, and the split it shows; null where it may choose. */
  readonly compareBy: string | null;
  readonly compareSplit: Split | null;
  /** Name of the skill that Skills shows in full; null where it may choose. */
  readonly chosenSkill: string | null;
  readonly skillList: SkillList;
}

interface NamedConfig {
  readonly id: string;
  readonly config: Draft;
}

const taskSchema = z
  .string()
  .regex(/^(train|validation|heldOut)\.\d{1,4}$/)
  .transform((text): TaskChoice => {
    const [split, index] = text.split('.');
    return { split: split as TaskChoice['split'], index: Number(index) };
  });

const EXPECTED = {
  view: `one of ${VIEWS.join(', ')}`,
  task: 'a split and a number, such as heldOut.3',
  theme: 'light or dark',
  controls: 'show or hide',
  by: 'a setting, such as objective.kind, or run',
  split: 'train, validation or heldOut',
  skill: 'the name of a skill, such as take-heat',
  list: `one of ${SKILL_LISTS.join(', ')}`,
} as const;

const shownSchema = {
  view: z.enum(VIEWS),
  task: taskSchema,
  theme: z.enum(['light', 'dark']),
  controls: z.enum(['show', 'hide']),
  by: z.string().regex(/^[\w.[\] ]{1,80}$/),
  split: z.enum(SPLITS),
  skill: skillDraftSchema.shape.name,
  list: z.enum(SKILL_LISTS),
} as const;

/** Characters of one setting, e.g. a file of tasks, beyond which it is no part of an address. */
const MOST_OF_A_SETTING = 2000;

function isTooLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > MOST_OF_A_SETTING;
}

/** The part of an address after `#`, without `#`. A very long text is left out. */
export function writeUrl(state: UrlState, presets: readonly NamedConfig[]): string {
  const query = new URLSearchParams();
  const preset = presets.find((candidate) => candidate.id === state.preset);
  if (preset !== undefined) query.set('preset', preset.id);
  if (preset === undefined) {
    query.set(
      'config',
      JSON.stringify(state.draft, (_, value) => (isTooLong(value) ? undefined : value)),
    );
  } else {
    for (const [path, value] of differences(preset.config, state.draft)) {
      if (isTooLong(value)) continue;
      query.set(path, value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
    }
  }
  if (state.view !== 'flow') query.set('view', state.view);
  if (state.task !== null) query.set('task', `${state.task.split}.${state.task.index}`);
  if (state.theme !== null) query.set('theme', state.theme);
  if (state.controls === 'hide') query.set('controls', 'hide');
  if (state.compareBy !== null) query.set('by', state.compareBy);
  if (state.compareSplit !== null) query.set('split', state.compareSplit);
  if (state.chosenSkill !== null) query.set('skill', state.chosenSkill);
  if (state.skillList !== 'cards') query.set('list', state.skillList);
  // Brackets are kept readable, as in `suites[0].settings.height`.
  return query.toString().replaceAll('%5B', '[').replaceAll('%5D', ']');
}

export interface ReadUrl {
  readonly state: UrlState;
  /** What could not be used, each with the name of its field. */
  readonly problems: readonly string[];
}

/** The state an address asks for. What it does not say is as in `presets[0]`. */
export function readUrl(hash: string, presets: readonly NamedConfig[]): ReadUrl {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const problems: string[] = [];

  function shown<K extends keyof typeof shownSchema>(key: K): z.output<(typeof shownSchema)[K]> | null {
    const text = query.get(key);
    if (text === null) return null;
    const parsed = shownSchema[key].safeParse(text);
    if (parsed.success) return parsed.data as z.output<(typeof shownSchema)[K]>;
    problems.push(`${key}: “${text}” should be ${EXPECTED[key]}.`);
    return null;
  }

  const base = readBase(query, presets, problems);
  const state: UrlState = {
    preset: base.preset,
    draft: readSettings(query, base.draft, problems),
    view: shown('view') ?? 'flow',
    task: shown('task'),
    theme: shown('theme'),
    controls: shown('controls') ?? 'show',
    compareBy: shown('by'),
    compareSplit: shown('split'),
    chosenSkill: shown('skill'),
    skillList: shown('list') ?? 'cards',
  };
  return { state, problems };
}

function readBase(
  query: URLSearchParams,
  presets: readonly NamedConfig[],
  problems: string[],
): { readonly preset: string | null; readonly draft: Draft } {
  const first = presets[0];
  const byDefault = { preset: first?.id ?? null, draft: first?.config ?? {} };
  const id = query.get('preset');
  const text = query.get('config');
  if (id !== null) {
    const preset = presets.find((candidate) => candidate.id === id);
    if (preset !== undefined) return { preset: preset.id, draft: preset.config };
    problems.push(`preset: there is no “${id}”; there are ${presets.map((candidate) => candidate.id).join(', ')}.`);
  } else if (text !== null) {
    const draft = readJson(text);
    if (draft === undefined || draft === null || typeof draft !== 'object' || Array.isArray(draft)) {
      problems.push('config: not a JSON object.');
      return byDefault;
    }
    const parsed = parseDraft(draft as Draft);
    if ('resolved' in parsed) return { preset: null, draft: draft as Draft };
    problems.push(...parsed.errors.map((error) => `config, ${error.path} ${error.message}.`));
  }
  return byDefault;
}

const NOT_SETTINGS = new Set(['preset', 'config', ...Object.keys(shownSchema)]);

function readSettings(query: URLSearchParams, base: Draft, problems: string[]): Draft {
  let draft = base;
  for (const [path, text] of query) {
    if (NOT_SETTINGS.has(path)) continue;
    if (!Object.hasOwn(configSchema.shape, keysOf(path)[0] ?? '')) {
      problems.push(`${path}: there is no such setting.`);
      continue;
    }
    draft = withValue(draft, path, text === '' ? undefined : (readJson(text) ?? text));
  }
  const parsed = parseDraft(draft);
  if ('resolved' in parsed) return draft;
  problems.push(...parsed.errors.map((error) => `${error.path} ${error.message}.`));
  return base;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
