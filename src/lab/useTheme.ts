/** The theme in force: the chosen one, else what the system prefers. */
import { useSyncExternalStore } from 'react';
import { useLab } from './context.ts';
import type { Theme } from './urlState.ts';

const DARK = '(prefers-color-scheme: dark)';

function listen(onChange: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

export function useTheme(): Theme {
  const chosen = useLab((state) => state.theme);
  const dark = useSyncExternalStore(listen, () => matchMedia(DARK).matches);
  return chosen ?? (dark ? 'dark' : 'light');
}
