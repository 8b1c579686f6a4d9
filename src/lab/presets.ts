/** The presets: every file of configs/ with a title and one line of what it shows. */
import type { Draft } from './settings/draft.ts';

export interface Preset {
  /** The file's name without `.json`; `preset=` in the URL. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly config: Draft;
}

/** Titles in the order of the panel. A config that is not listed follows, under its file's name. */
const TITLES: readonly (readonly [id: string, title: string, summary: string])[] = [
  ['hypergrid-8x8', 'First minute', 'A grid with a peak in every corner: all four must be found and kept.'],
  ['hypergrid-8x8-tb', 'The same, with tb', 'The published calibration of flow networks, every field stated.'],
  ['diamond', 'Diamond', 'Six nodes whose flows can be worked out by hand.'],
  ['tree-merges', 'Merging tree', 'Order does not matter: many paths enter one state.'],
  [
    'hypergrid-16x16-hard-on-policy',
    'Corners never found',
    'Rewards too sparse to cross: without exploration some corners are never found, and log Z stays short.',
  ],
  ['hypergrid-16x16-hard-explore', 'All four corners', 'The same grid; exploration crosses the empty middle.'],
  ['two-hop-qa', 'Two-hop questions', 'Real facts, real search, several ways to the evidence.'],
  ['two-hop-qa-tb', 'Two-hop questions, tb', 'The same with trajectory balance untempered.'],
  ['household', 'Household', 'Find, heat, cool, clean and put: several plans solve each task.'],
  ['household-tb', 'Household, tb', 'The same with trajectory balance untempered.'],
  ['contest-math', 'Contest maths', 'Reach a number from four given ones; exact arithmetic, several solutions.'],
  [
    'two-hop-qa-live',
    'A language model answers',
    'The small model of the lab searches, reads and answers; the Supervisor learns what to ask it.',
  ],
  [
    'two-hop-qa-live-short',
    'A language model, skills grow',
    'Most questions allow one step: a skill must search twice in it, and the model reads the skill.',
  ],
  [
    'household-short',
    'Household, skills grow',
    'Three steps where up to five acts are needed: the library must grow, and does.',
  ],
  [
    'two-hop-qa-short',
    'Two-hop questions, hurried',
    'Most questions allow one step: a skill must search and follow in it.',
  ],
  [
    'contest-math-short',
    'Contest maths, hurried',
    'Most problems allow one step to join three numbers: a skill must do it in one.',
  ],
];

const FILES = import.meta.glob<Draft>('../../configs/*.json', { eager: true, import: 'default' });

/** All presets, in the order of the panel. That each can be run is held by a test. */
export const PRESETS: readonly Preset[] = arrange(FILES);

function arrange(files: Readonly<Record<string, Draft>>): readonly Preset[] {
  const configs = new Map<string, Draft>();
  for (const [file, content] of Object.entries(files)) {
    const id = file.slice(file.lastIndexOf('/') + 1, -'.json'.length);
    configs.set(id, content);
  }
  const listed = TITLES.flatMap(([id, title, summary]) => {
    const config = configs.get(id);
    configs.delete(id);
    return config === undefined ? [] : [{ id, title, summary, config }];
  });
  const rest = [...configs].sort(([a], [b]) => (a < b ? -1 : 1));
  return [...listed, ...rest.map(([id, config]) => ({ id, title: id, summary: '', config }))];
}

export function presetById(id: string | null): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}
