/** An equation, set by KaTeX, which is loaded when the first one is shown. */
import { useEffect, useRef, useState } from 'react';

interface EquationProps {
  /** A constant of ours, never anything that was typed or loaded. */
  readonly tex: string;
}

export function Equation({ tex }: EquationProps) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    const set = async (): Promise<void> => {
      const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
      if (current && place.current !== null) katex.render(tex, place.current, { displayMode: true });
    };
    set().catch(() => setFailed(true));
    return () => {
      current = false;
    };
  }, [tex]);
  // Without the typesetter (no network, say) the source still says what it says.
  if (failed) return <pre className="lesson-equation">{tex}</pre>;
  return <div ref={place} className="lesson-equation" />;
}
