/** The library out of the run and into the settings of the next one. */
import { type ChangeEvent, type ReactNode, useRef } from 'react';
import type { Skill } from '../../skills/skill.ts';
import { useLab } from '../context.ts';
import { saveFile } from '../experiments/saveFiles.ts';
import type { Json } from '../settings/draft.ts';
import { failureOf } from '../store/failures.ts';
import { draftsIn, libraryJson } from './exchange.ts';

export function Exchange({
  skills,
  name,
}: {
  readonly skills: readonly Skill[];
  readonly name: string | null;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const setField = useLab((state) => state.setField);
  const tell = useLab((state) => state.tell);

  async function read(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    if (files.length === 0) return;
    try {
      const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
      const drafts = await draftsIn(texts);
      setField('library', drafts.length === 0 ? undefined : (JSON.parse(JSON.stringify(drafts)) as Json));
      tell(
        'info',
        `The settings begin with ${drafts.length === 1 ? 'this skill' : `these ${drafts.length} skills`} now: ${drafts.map((draft) => draft.name).join(', ')}.`,
        'Train starts a run with them; “Undo change” in the settings takes them out.',
      );
    } catch (error) {
      const { message, hint } = failureOf(error);
      tell('error', message, hint);
    }
  }

  return (
    <>
      <button
        type="button"
        className="button"
        disabled={skills.length === 0}
        title={
          skills.length === 0 ? 'There is no skill to save' : 'Save the skills as JSON, as config.library takes them'
        }
        onClick={() => saveFile(`${name ?? 'library'}.skills.json`, libraryJson(skills), 'application/json')}
      >
        Export
      </button>
      <button
        type="button"
        className="button"
        title="Skills as JSON or SKILL.md files, into the settings of the next run"
        onClick={() => field.current?.click()}
      >
        Import
      </button>
      <input
        ref={field}
        type="file"
        multiple
        accept=".json,.md,application/json,text/markdown"
        aria-label="Files of skills to import"
        className="hidden"
        onChange={(event) => void read(event)}
      />
    </>
  );
}
