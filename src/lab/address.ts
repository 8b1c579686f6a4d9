/** Keeps the address and the lab's state the same, in both directions. */
import type { Preset } from './presets.ts';
import type { Lab, LabState } from './store/labState.ts';
import { readUrl, writeUrl } from './urlState.ts';

/** Writes every change of state into the address, and takes over an address that a person edits. */
export function followAddress(lab: Lab, presets: readonly Preset[]): void {
  let written = '';
  lab.subscribe((state, before) => {
    if (state.resolved === null || !isShownDifferently(state, before)) return;
    written = `#${writeUrl({ ...state, task: state.chosenTask }, presets)}`;
    history.replaceState(null, '', written);
  });
  addEventListener('hashchange', () => {
    if (location.hash === written) return;
    lab.getState().applyUrl(readUrl(location.hash, presets));
  });
}

function isShownDifferently(state: LabState, before: LabState): boolean {
  const settings = ['preset', 'draft'] as const;
  const shown = [
    'view',
    'chosenTask',
    'theme',
    'controls',
    'compareBy',
    'compareSplit',
    'chosenSkill',
    'skillList',
  ] as const;
  return [...settings, ...shown].some((key) => state[key] !== before[key]);
}
