/** What is on screen: view, task, theme, messages. */
import { differences } from '../settings/draft.ts';
import type { UrlState } from '../urlState.ts';
import type { Lab, ShownActions, ShownState } from './labState.ts';

/** More messages than this are not read; the oldest goes. */
const MOST_MESSAGES = 4;

export function initialShown({ preset: _, draft: __, task, ...shown }: UrlState): ShownState {
  const nothing = { sourceWalk: null, taskView: null, creditView: null, hoverStep: null, messages: [] };
  return { ...shown, chosenTask: task, ...nothing };
}

/** @param refresh asks for what the view shows, where it is not there yet */
export function shownActions(lab: Pick<Lab, 'getState' | 'setState'>, refresh: () => void): ShownActions {
  let lastMessage = 0;
  return {
    setView(view) {
      lab.setState({ view });
      refresh();
    },
    chooseTask(task) {
      lab.setState({ chosenTask: task, sourceWalk: null });
      refresh();
    },
    showWalk(view, { split, index }, walk) {
      lab.setState({ view, chosenTask: { split, index }, sourceWalk: walk });
      refresh();
    },
    hideWalk() {
      lab.setState({ sourceWalk: null });
    },
    hover(step) {
      lab.setState({ hoverStep: step });
    },
    setTheme(theme) {
      lab.setState({ theme });
    },
    showControls() {
      lab.setState({ controls: 'show' });
    },
    setCompared(asked) {
      lab.setState(asked);
    },
    setSkills(asked) {
      lab.setState(asked);
    },
    applyUrl({ state, problems }) {
      const { preset, draft, setSettings, tell } = lab.getState();
      const changed = state.preset !== preset || differences(draft, state.draft).size > 0;
      if (changed) setSettings(state.preset, state.draft);
      const { preset: _, draft: __, task, ...shown } = state;
      lab.setState({ ...shown, chosenTask: task, sourceWalk: null });
      if (problems.length > 0) tell('warning', 'Not all of the address could be used.', problems.join('\n'));
      refresh();
    },
    tell(level, text, hint = '') {
      lastMessage += 1;
      const others = lab.getState().messages.filter((message) => message.text !== text);
      lab.setState({ messages: [...others, { id: lastMessage, level, text, hint }].slice(-MOST_MESSAGES) });
    },
    dismiss(id) {
      lab.setState({ messages: lab.getState().messages.filter((message) => message.id !== id) });
    },
  };
}
