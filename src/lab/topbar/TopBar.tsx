import { type ReactNode, useState } from 'react';
import { useLab, useParts } from '../context.ts';
import { writeUrl } from '../urlState.ts';
import { useTheme } from '../useTheme.ts';
import { DeviceBadge } from './DeviceBadge.tsx';
import { RunStatus } from './RunStatus.tsx';
import { SpeedChoice } from './SpeedChoice.tsx';
import { Transport } from './Transport.tsx';

export function TopBar({ askReset }: { readonly askReset: () => void }): ReactNode {
  const run = useLab((state) => state.run);
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 xl:flex-nowrap xl:gap-x-2 2xl:gap-x-3 border-b border-line bg-panel px-4 py-1.5">
      <h1 className="text-[1.08rem] font-bold whitespace-nowrap">SkillFlow Lab</h1>
      <Transport askReset={askReset} />
      <SpeedChoice />
      {run !== null && (
        <span className="min-w-0 truncate text-soft" title={`${run.name} · seed ${run.seed}`}>
          <span className="text-ink">{run.name}</span> · seed {run.seed}
        </span>
      )}
      <RunStatus />
      <span className="flex-1" />
      <DeviceBadge />
      <Share />
      <ThemeToggle />
    </header>
  );
}

function Share(): ReactNode {
  const { lab, presets } = useParts();
  const [copied, setCopied] = useState(false);
  async function share(): Promise<void> {
    const state = lab.getState();
    const address = new URL(`#${writeUrl({ ...state, task: state.chosenTask }, presets)}`, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      state.tell('info', 'The browser did not let the page copy its address:', address);
    }
  }
  return (
    <>
      <button
        type="button"
        className="button w-[4.6rem]"
        onClick={() => void share()}
        title="Copy the address: it holds the settings, the seed and the view"
      >
        {copied ? 'Copied' : 'Share'}
      </button>
      <span role="status" className="sr-only">
        {copied && 'The address was copied.'}
      </span>
    </>
  );
}

function ThemeToggle(): ReactNode {
  const theme = useTheme();
  const setTheme = useLab((state) => state.setTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button"
      onClick={() => setTheme(other)}
      aria-label={`Switch to the ${other} theme`}
      title={`Switch to the ${other} theme`}
    >
      <span aria-hidden="true">{theme === 'dark' ? '☀' : '☾'}</span>
    </button>
  );
}
