/** Measures and durations in words: three significant digits. Numbers that stand in a column are in flow/figures.ts. */

/** `0.0312`, `1,250`, `−0.88`, `3.1e−7`; what is null or not a number is `undefined`. */
export function figure(value: number | null, digits = 3): string {
  if (value === null || Number.isNaN(value)) return 'undefined';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size < 1e-3 || size >= 1e6
      ? size
          .toExponential(digits - 1)
          .replace(/\.?0+e/, 'e')
          .replace('e+', 'e')
      : size >= 100
        ? Math.round(size).toLocaleString('en')
        : String(Number(size.toPrecision(digits)));
  return (value < 0 ? '−' : '') + text.replace('e-', 'e−');
}

/** `12 s`, `3 min`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** Of a file: `3 KB`, `1.5 MB`; by 1,024. */
export function fileSize(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
