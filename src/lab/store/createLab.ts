/**
 * The lab's state in one store. Actions are named after what a person does; nothing else changes
 * the state but notices of the session. Components read; the session computes.
 */
import { createStore } from 'zustand/vanilla';
import type { Preset } from '../presets.ts';
import type { UrlState } from '../urlState.ts';
import type { Lab } from './labState.ts';
import type { Memory } from './memory.ts';
import { receiveNotices } from './notices.ts';
import { initialRun, runActions } from './runActions.ts';
import type { Session } from './session.ts';
import { initialSettings, settingsActions } from './settingsActions.ts';
import { initialShown, shownActions } from './shownActions.ts';
import { followTask } from './taskViews.ts';

export interface LabParts {
  readonly session: Session;
  readonly presets: readonly Preset[];
  readonly memory: Memory;
  readonly url: UrlState;
}

/** The store, listening to its session. Asks the session for nothing until an action does. */
export function createLab({ session, presets, memory, url }: LabParts): Lab {
  return createStore((setState, getState) => {
    const lab = { setState, getState };
    const views = followTask(lab, session);
    const { refresh } = views;
    const notices = receiveNotices(lab, { memory, views });
    session.onNotice(notices.receive);
    return {
      ...initialSettings(url),
      ...initialRun(memory),
      ...initialShown(url),
      ...settingsActions(lab, presets),
      ...runActions(lab, { session, presets, memory, notices, refresh }),
      ...shownActions(lab, refresh),
    };
  });
}
