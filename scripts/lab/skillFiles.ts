/** Folders of skills, a file NAME/SKILL.md each: what a run begins with, and where `skills` puts what one ended with. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SkillFile } from '../../src/skills/skillFile.ts';
import { libraryFiles, readSkillFiles, SKILL_FILE } from '../../src/skills/skillFile.ts';
import { parseRecord } from '../../src/training/recordSchema.ts';
import { BadInput } from './badInput.ts';
import { readJson, readText } from './files.ts';

/** Names of the folders in `folder` that hold a skill, in their order. @throws BadInput where it cannot be read */
function skillsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, SKILL_FILE)))
      .sort();
  } catch (error) {
    throw new BadInput(`${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The config with the skills of a folder as the library that it begins with.
 * @param config as a person wrote it
 * @throws BadInput, BadSkillFile
 */
export function withLibrary(config: unknown, folder: string): unknown {
  const names = skillsIn(folder);
  if (names.length === 0) throw new BadInput(`${folder} holds no skills; each is a file NAME/${SKILL_FILE} in it`);
  const files = names.map((name): SkillFile => {
    const path = join(folder, name, SKILL_FILE);
    return { path, text: readText(path) };
  });
  const library = readSkillFiles(files);
  // What is no object is refused with the rest of the config.
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return config;
  if (Object.hasOwn(config, 'library')) {
    throw new BadInput(`The config has a library already, and --library ${folder} is another; give one of them`);
  }
  return { ...config, library };
}

/**
 * `skills`: the library that a run ended with, as files.
 * @returns the exit status
 * @throws BadInput, BadRecord
 */
export function skillsCommand(record: string, out: string): number {
  const { library } = parseRecord(readJson(record));
  if (library.length === 0) throw new BadInput(`${record} holds no skills: its run ended with an empty library`);
  const files = libraryFiles(library);
  const others = (existsSync(out) ? skillsIn(out) : []).filter((name) => library.every((skill) => skill.name !== name));
  if (others.length > 0) {
    const names = others.join(', ');
    throw new BadInput(
      `${out} holds skills that are not of this record (${names}); give another folder, or remove them`,
    );
  }
  for (const { path, text } of files) {
    const to = join(out, path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
  }
  console.log(`${files.length} ${files.length === 1 ? 'skill' : 'skills'} written to ${out}`);
  return 0;
}
