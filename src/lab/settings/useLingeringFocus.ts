/** Whether the focus is in an element, or left it by a press that is not yet over. */
import { type FocusEvent, useEffect, useState } from 'react';

export interface LingeringFocus {
  readonly focused: boolean;
  readonly onFocus: () => void;
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
}

/**
 * What is shown for the focus alone goes when the focus goes. A press moves the focus before the button is let go: were
 * the page to close up in between, the button below would no longer lie under the pointer, and its click would be lost.
 */
export function useLingeringFocus(): LingeringFocus {
  const [state, setState] = useState<'out' | 'in' | 'leaving'>('out');

  useEffect(watchPresses, []);
  useEffect(() => {
    if (state !== 'leaving') return;
    // The click comes in the same task as the release: the page closes up after it.
    const release = (): void => {
      setTimeout(() => setState((now) => (now === 'leaving' ? 'out' : now)), 0);
    };
    addEventListener('pointerup', release);
    addEventListener('pointercancel', release);
    return () => {
      removeEventListener('pointerup', release);
      removeEventListener('pointercancel', release);
    };
  }, [state]);

  return {
    focused: state !== 'out',
    onFocus: () => setState('in'),
    onBlur: ({ currentTarget, relatedTarget }) => {
      if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
      setState(press.isHeld ? 'leaving' : 'out');
    },
  };
}

/** Whether a pointer is held down; heard of from the first field that is shown on. */
const press = { isHeld: false, isWatched: false };

function watchPresses(): void {
  if (press.isWatched) return;
  press.isWatched = true;
  const set = (isHeld: boolean) => () => {
    press.isHeld = isHeld;
  };
  addEventListener('pointerdown', set(true), true);
  addEventListener('pointerup', set(false), true);
  addEventListener('pointercancel', set(false), true);
}
