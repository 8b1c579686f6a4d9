/** The library as files: JSON as `config.library` takes it, and SKILL.md. Pure. */
import { checkDraft } from '../../skills/libraryChange.ts';
import type { Skill, SkillDraft } from '../../skills/skill.ts';
import type { TextFile } from '../kept/keptRun.ts';
import { draftOfSkill } from './draftFault.ts';

export function libraryJson(skills: readonly Skill[]): string {
  return `${JSON.stringify(skills.map(draftOfSkill), null, 2)}\n`;
}

/** A file in which there are no skills that could be used. */
export class BadSkills extends Error {
  override readonly name = 'BadSkills';
  readonly hint = 'It may hold a list of skills as Export writes it, a config or a run with a library, or a SKILL.md.';
}

/** The drafts in files that a person opens: JSON, or one SKILL.md each. @throws BadSkills naming the file, and the place in it */
export async function draftsIn(files: readonly TextFile[]): Promise<readonly SkillDraft[]> {
  const drafts: SkillDraft[] = [];
  for (const { name, text } of files) {
    drafts.push(...(/\.md$/i.test(name) ? [await inMarkdown(name, text)] : inJson(name, text)));
  }
  return drafts;
}

async function inMarkdown(name: string, text: string): Promise<SkillDraft> {
  // It brings a reader of YAML along.
  const { parseSkill } = await import('../../skills/skillFile.ts');
  try {
    return parseSkill(text, name);
  } catch (error) {
    throw new BadSkills(error instanceof Error ? error.message : String(error));
  }
}

function inJson(name: string, text: string): readonly SkillDraft[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadSkills(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const held = value !== null && typeof value === 'object' && 'library' in value ? value.library : value;
  if (!Array.isArray(held)) throw new BadSkills(`${name} holds no list of skills.`);
  return held.map((one: unknown, i) => {
    try {
      return checkDraft(isWritten(one) ? draftOfSkill(one) : one);
    } catch (error) {
      throw new BadSkills(`${name}, skill ${i + 1}. ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

/** Whether it is a skill with more than what a person writes, as a run's record holds it. */
function isWritten(value: unknown): value is Skill {
  return value !== null && typeof value === 'object' && 'lineage' in value && 'slot' in value;
}
