/** Keyboard shortcuts of the transport; keys that a focused control needs stay its own. */
import { isRunning, type Lab } from '../store/labState.ts';

/** Listens on `target` until the returned function is called. */
export function listenForShortcuts(target: Document, lab: Lab, askReset: () => void): () => void {
  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (takesKey(event.target, event.key)) return;
    const state = lab.getState();
    switch (event.key) {
      case ' ':
        void (isRunning(state.phase) ? state.pause() : state.play());
        break;
      case '.':
        void state.step(1);
        break;
      case ',':
        void state.step(10);
        break;
      case 'r':
        askReset();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}

const TYPING =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';
const PRESSED_BY_SPACE = 'button, summary, a[href], input, [role="button"], [role="tab"], [tabindex]';

function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog') !== null || target.matches(TYPING)) return true;
  return key === ' ' && target.matches(PRESSED_BY_SPACE);
}
