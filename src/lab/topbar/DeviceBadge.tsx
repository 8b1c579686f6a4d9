/** Which device computes, and how fast. */
import type { ReactNode } from 'react';
import type { DeviceInfo } from '../../training/records.ts';
import { useLab } from '../context.ts';
import { figure } from '../format.ts';

export function DeviceBadge(): ReactNode {
  const device = useLab((state) => state.run?.device ?? null);
  const speed = useLab((state) => state.run?.stepsPerSecond ?? null);
  const recorded = useLab((state) => state.run?.source === 'recorded');
  if (device === null) return null;
  const kind = kindOf(device);
  return (
    <span
      className="flex shrink-0 items-center gap-1.5 whitespace-nowrap rounded-full border border-line px-2.5 py-0.5 text-soft"
      title={`${recorded ? 'Recorded on ' : ''}${device.adapter}${device.software ? ' (a software adapter: its speed says nothing about a GPU)' : ''}`}
    >
      <i
        aria-hidden="true"
        className={`inline-block size-2 rounded-full ${kind === 'GPU' ? 'bg-plus' : 'border-2 border-warn'}`}
      />
      <span className="text-ink">{recorded ? `recorded on a ${kind}` : kind}</span>
      {/* The speed of the machine that recorded says nothing about this one. */}
      {speed !== null && !recorded && <span>{figure(speed)} steps/s</span>}
    </span>
  );
}

/** `GPU`, `software GPU` or `CPU`. */
export function kindOf(device: DeviceInfo): string {
  if (device.backend === 'cpu') return 'CPU';
  return device.software ? 'software GPU' : 'GPU';
}
