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
const TITLES: readonly (readonly [id: string, title: string, summary: string])[] = [];

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
