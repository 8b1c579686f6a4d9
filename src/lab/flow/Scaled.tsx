/**
 * A picture that grows with the page's text. It is laid out in units that are pixels where text is
 * 13 px high (the page's own size), and drawn larger where text is larger.
 */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';

const LAID_OUT_FOR = 13;

/** Pixels to a unit of a picture. */
export function useScale(): number {
  const [scale, setScale] = useState(rootScale);
  useEffect(() => {
    // A change of text size comes with the window's width, or with a zoom, which is a resize too.
    const measure = (): void => setScale(rootScale());
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  return scale;
}

function rootScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / LAID_OUT_FOR;
}

interface ScaledProps {
  readonly scale: number;
  /** In units of the picture. */
  readonly width: number;
  readonly height: number;
  readonly className: string;
  readonly children: ReactNode;
}

export function Scaled({ scale, width, height, className, children }: ScaledProps) {
  return (
    <div className={className} style={{ width: width * scale, height: height * scale }}>
      <div style={{ width, height, transform: `scale(${scale})`, transformOrigin: '0 0' }}>{children}</div>
    </div>
  );
}
