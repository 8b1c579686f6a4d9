/** A folder of skills as a library: what can be read of it, and what is wrong with each file that cannot. */
import { addSkill } from './library.ts';
import type { Library } from './skill.ts';
import { EMPTY_LIBRARY } from './skill.ts';
import type { SkillFile } from './skillFile.ts';
import { BadSkillFile, parseSkill, readSkillFiles, SKILL_FILE } from './skillFile.ts';

export interface ReadFolder {
  /** The skills that could be read, as imported ones, in the order of the slots that their files name. */
  readonly library: Library;
  /** Why each of the other skill files was left out. */
  readonly faults: readonly BadSkillFile[];
}

/**
 * The library in a folder. A file that cannot be read is left out and the rest is read; of two files with one name or
 * one plan the first stays. Files that are not called SKILL.md are passed over.
 * @param slots places that there are
 * @param step of training, for the lineage
 */
export function readSkillFolder(files: readonly SkillFile[], slots: number, step = 0): ReadFolder {
  const faults: BadSkillFile[] = [];
  let readable = files.filter(({ path, text }) => {
    if (path.split('/').at(-1) !== SKILL_FILE) return false;
    return attempt(faults, () => parseSkill(text, path));
  });
  for (;;) {
    try {
      const drafts = readSkillFiles(readable);
      const lineage = { origin: 'imported' as const, step, parents: [], sources: [] };
      const library = drafts
        .slice(0, slots)
        .reduce((made: Library, draft) => addSkill(made, { ...draft, lineage }, slots), EMPTY_LIBRARY);
      for (const [i, { name }] of drafts.entries()) {
        if (i < slots) continue;
        const path = readable.find((one) => parseSkill(one.text, one.path).name === name)?.path ?? name;
        faults.push(
          new BadSkillFile(path, null, `it holds skill number ${i + 1}`, `the library has room for ${slots}`),
        );
      }
      return { library, faults };
    } catch (error) {
      if (!(error instanceof BadSkillFile)) throw error;
      const without = readable.filter(({ path }) => path !== error.path);
      // Every fault takes a file away, so this ends.
      if (without.length === readable.length) throw error;
      faults.push(error);
      readable = without;
    }
  }
}

/** Whether it could be done without a fault of the file. */
function attempt(faults: BadSkillFile[], read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof BadSkillFile)) throw error;
    faults.push(error);
    return false;
  }
}
