/** The bench page: what `npm run bench` drives. */
import { acquireDevice } from '../src/gpu/device.ts';
import { sectionsIn } from './sections.ts';

const shown = document.getElementById('progress');

globalThis.bench = sectionsIn({
  acquire: acquireDevice,
  about: {
    browser: navigator.userAgent.match(/Chrom\w*\/[\d.]+|Firefox\/[\d.]+|Version\/[\d.]+/)?.[0] ?? navigator.userAgent,
    processors: navigator.hardwareConcurrency,
    crossOriginIsolated: globalThis.crossOriginIsolated,
  },
  /** On the page, and for the command, which reads the console. */
  progress(text) {
    if (shown) shown.textContent = text;
    console.info(text);
  },
});
