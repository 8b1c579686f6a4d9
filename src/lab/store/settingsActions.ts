/** Editing the settings of the next run, with undo. */

import type { Preset } from '../presets.ts';
import { type Draft, draftOf, parseDraft, withValue } from '../settings/draft.ts';
import type { Lab, SettingsActions, SettingsState } from './labState.ts';
import type { Written } from './runState.ts';

/** Most changes that can be undone. */
const UNDO = 100;

export function initialSettings({ preset, draft }: Written): SettingsState {
  return { preset, draft, past: [], ...checked(draft) };
}

export function settingsActions(lab: Pick<Lab, 'getState' | 'setState'>, presets: readonly Preset[]): SettingsActions {
  /** @param changed the field, so that typing in one field is one change; empty for a change of its own */
  function change(preset: string | null, draft: Draft, changed: string): void {
    const { past, preset: before, draft: old } = lab.getState();
    const merged = changed !== '' && past.at(-1)?.changed === changed;
    const kept = merged ? past : [...past, { preset: before, draft: old, changed }].slice(-UNDO);
    lab.setState({ preset, draft, past: kept, ...checked(draft) });
  }

  return {
    choosePreset(id) {
      const preset = presets.find((candidate) => candidate.id === id);
      if (preset !== undefined) change(id, preset.config, '');
    },
    setField(path, value) {
      const { preset, draft } = lab.getState();
      change(preset, withValue(draft, path, value), path);
    },
    setSettings(preset, draft) {
      change(preset, draft, '');
    },
    undo() {
      const { past } = lab.getState();
      const last = past.at(-1);
      if (last === undefined) return;
      lab.setState({ preset: last.preset, draft: last.draft, past: past.slice(0, -1), ...checked(last.draft) });
    },
    returnToRun() {
      const written = lab.getState().run?.written;
      if (written !== undefined) change(written.preset, written.draft, '');
    },
  };
}

function checked(draft: Draft): Pick<SettingsState, 'resolved' | 'errors'> {
  const parsed = parseDraft(draft);
  if ('errors' in parsed) return { resolved: null, errors: parsed.errors };
  return { resolved: draftOf(parsed.resolved), errors: [] };
}
