/** The frame: top bar, messages, settings, views and curves. */
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Centre } from './centre/Centre.tsx';
import { useLab, useParts } from './context.ts';
import { CurvesPanel } from './curves/CurvesPanel.tsx';
import { Messages } from './messages/Messages.tsx';
import { SettingsPanel } from './settings/SettingsPanel.tsx';
import { stepsDone } from './store/runState.ts';
import { ResetDialog } from './topbar/ResetDialog.tsx';
import { listenForShortcuts } from './topbar/shortcuts.ts';
import { TopBar } from './topbar/TopBar.tsx';
import { useTheme } from './useTheme.ts';

const COLUMNS = {
  settings: {
    curves: 'lg:grid-cols-[19.5rem_minmax(0,1fr)_21rem]',
    noCurves: 'lg:grid-cols-[19.5rem_minmax(0,1fr)]',
  },
  noSettings: { curves: 'lg:grid-cols-[minmax(0,1fr)_21rem]', noCurves: 'lg:grid-cols-[minmax(0,1fr)]' },
} as const;

export function App(): ReactNode {
  const { lab } = useParts();
  const theme = useTheme();
  const controls = useLab((state) => state.controls);
  const view = useLab((state) => state.view);
  const showControls = useLab((state) => state.showControls);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);

  /** A run that has taken steps is given up only after a question. */
  const askReset = useCallback(() => {
    const { run, reset } = lab.getState();
    if (run?.source !== 'session') return;
    if (stepsDone(run) > 0) setAsking(true);
    else void reset();
  }, [lab]);
  useEffect(() => listenForShortcuts(document, lab, askReset), [lab, askReset]);

  // These have curves of their own, and need their room.
  const curves = view !== 'compare' && view !== 'experiments';
  const columns = COLUMNS[controls === 'hide' ? 'noSettings' : 'settings'][curves ? 'curves' : 'noCurves'];
  return (
    <div className="flex min-h-dvh flex-col lg:h-dvh">
      <TopBar askReset={askReset} />
      <Messages />
      <div className={`grid min-h-0 flex-1 ${columns}`}>
        {controls === 'show' && <SettingsPanel />}
        <Centre />
        {curves && <CurvesPanel />}
      </div>
      {controls === 'hide' && (
        <footer className="border-t border-line bg-panel px-4 py-1 text-soft">
          The settings are hidden.{' '}
          <button type="button" className="underline" onClick={showControls}>
            Show them
          </button>
        </footer>
      )}
      {asking && <ResetDialog onClose={() => setAsking(false)} />}
    </div>
  );
}
