/** What a person may do with one skill. */
import type { ReactNode } from 'react';
import type { Skill } from '../../skills/skill.ts';
import { useLab } from '../context.ts';
import { saveFile } from '../experiments/saveFiles.ts';

interface SkillActionsProps {
  readonly skill: Skill;
  /** Why nothing can be changed; null where it can. */
  readonly fixed: string | null;
  readonly onEdit: () => void;
}

export function SkillActions({ skill, fixed, onEdit }: SkillActionsProps): ReactNode {
  const change = useLab((state) => state.changeLibrary);
  const changing = useLab((state) => state.changing);
  const tell = useLab((state) => state.tell);
  const { name, pinned } = skill;
  const still = { disabled: fixed !== null || changing, className: 'button' };

  async function saveMarkdown(): Promise<void> {
    try {
      // It brings a writer of YAML along.
      const { printSkill } = await import('../../skills/skillFile.ts');
      saveFile(`${name}.SKILL.md`, printSkill(skill), 'text/markdown');
    } catch (error) {
      tell('error', `The file could not be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return (
    <fieldset aria-label={`Change ${name}`} className="my-1.5 flex flex-wrap gap-1.5">
      <button type="button" {...still} title={fixed ?? 'Write another version of it'} onClick={onEdit}>
        Edit
      </button>
      <button
        type="button"
        {...still}
        title={fixed ?? (pinned ? 'The flow may remove it again' : 'The flow does not remove it')}
        onClick={() => void change({ kind: 'pin', name, pinned: !pinned })}
      >
        {pinned ? 'Unpin' : 'Pin'}
      </button>
      <button
        type="button"
        {...still}
        title={fixed ?? 'Take it out of the library; it may be proposed again'}
        onClick={() => void change({ kind: 'remove', name, forbid: false })}
      >
        Remove
      </button>
      <button
        type="button"
        {...still}
        title={fixed ?? 'Take it out, and never propose its plan again'}
        onClick={() => void change({ kind: 'remove', name, forbid: true })}
      >
        Remove and forbid
      </button>
      <button type="button" className="button" title="Save it as a SKILL.md file" onClick={() => void saveMarkdown()}>
        SKILL.md
      </button>
    </fieldset>
  );
}
