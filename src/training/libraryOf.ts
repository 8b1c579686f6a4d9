/** The library that a config begins with. */
import type { Composite } from '../graph/world.ts';
import { addSkill, compositesOf, documentedOf } from '../skills/library.ts';
import type { Library } from '../skills/skill.ts';
import { EMPTY_LIBRARY } from '../skills/skill.ts';
import type { RunConfig } from './config.ts';

/** @throws LibraryFull, and what a plan that stands twice is refused with */
export function libraryOf({ library = [] }: RunConfig): Library {
  return library.reduce(
    (made: Library, draft) =>
      addSkill(made, { ...draft, lineage: { origin: 'imported', step: 0, parents: [], sources: [] } }, library.length),
    EMPTY_LIBRARY,
  );
}

/** The skills of a library as this run's executor carries them out: with their documents where a model reads them. */
export function skillsOf({ executor }: RunConfig, library: Library): readonly Composite[] {
  return executor ? documentedOf(library) : compositesOf(library);
}
