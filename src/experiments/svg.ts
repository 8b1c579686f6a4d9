/**
 * SVG as strings: elements, axes, markers, and labels that keep out of each other's way. Text is `currentColor` and
 * series are CSS variables with fallbacks of middle lightness, so that a drawing reads on light and on dark.
 */

/** `text` as the content of an element or of a quoted attribute; what XML cannot hold is left out. */
export function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; its children are markup already, its attributes are escaped here, those undefined left out. */
export function element(tag: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(typeof value === 'number' ? rounded(value) : String(value))}"`)
    .join('');
  return children.length === 0 ? `<${tag}${written}/>` : `<${tag}${written}>${children.join('')}</${tag}>`;
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** @param at `[x, y]` of the baseline */
export function label(words: string, [x, y]: readonly [number, number], attributes: Attributes = {}): string {
  return element('text', { x, y, fill: 'currentColor', 'font-size': FONT, ...attributes }, escaped(words));
}

export const FONT = 12;
/** Behind a label that lies on lines, where the page says what its ground is. */
const HALO: Attributes = {
  stroke: 'var(--panel, transparent)',
  'stroke-width': 4,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
};
/** What the reader can do without: axes, ticks, notes. */
export const SOFT = 0.75;
const GRID = 0.16;
/** Dashes mean exact or reference, here as everywhere in the lab. */
export const DASHED = '4 3';

/** Wide enough for `words` in most sans-serif fonts. */
export function widthOf(words: string, size = FONT): number {
  return words.length * size * 0.56;
}

/** At most `most` characters. */
export function shortened(words: string, most = 30): string {
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
}

const SERIES = ['#2f7bd0', '#d0601f', '#15927a', '#b255c2', '#9a7a14', '#d14a6e', '#6b7d92', '#4b922c'];

export const SERIES_COLOURS = SERIES.length;

/** The colour of the i-th series; after eight they come again, told apart by marker and label. */
export function colour(i: number): string {
  const k = i % SERIES.length;
  return `var(--series-${k + 1}, ${SERIES[k]})`;
}

export interface Drawing {
  /** unique in a page */
  readonly id: string;
  readonly title: string;
  /** what the picture shows, in words */
  readonly desc: string;
  readonly width: number;
  readonly height: number;
}

export function drawing({ id, title, desc, width, height }: Drawing, ...children: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      'font-family': 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
      'font-size': FONT,
      style: 'max-width:100%;height:auto;font-variant-numeric:tabular-nums',
    },
    element('title', { id: `${id}-title` }, escaped(title)),
    element('desc', { id: `${id}-desc` }, escaped(desc)),
    ...children,
  );
}

// Scales

/** From a number to a place in the drawing. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  readonly range: readonly [number, number];
  /** what is outside is held at its ends */
  readonly domain: readonly [number, number];
}

/** Linear over `domain`, held within it; ticks at 1, 2 or 5 times a power of ten. */
export function linear(domain: readonly [number, number], range: readonly [number, number], count = 5): Scale {
  const [from, to] = domain[0] === domain[1] ? [domain[0] - 0.5, domain[1] + 0.5] : domain;
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const off = (step: number) => Math.abs(Math.log(step / raw));
  const step = [1, 2, 5, 10].map((k) => k * power).reduce((best, one) => (off(one) < off(best) ? one : best));
  const first = Math.ceil(from / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  const share = (value: number) => (Math.min(to, Math.max(from, value)) - from) / (to - from);
  return { at: (value) => range[0] + share(value) * (range[1] - range[0]), ticks, range, domain: [from, to] };
}

/** Logarithmic over `domain` of positive numbers. */
export function logarithmic(
  [from, to]: readonly [number, number],
  range: readonly [number, number],
  ticks: readonly number[] = powers(from, to),
): Scale {
  const [a, b] = from === to ? [from / 2, to * 2] : [from, to];
  const share = (value: number) => (Math.log(Math.min(b, Math.max(a, value))) - Math.log(a)) / Math.log(b / a);
  return { at: (value) => range[0] + share(value) * (range[1] - range[0]), ticks, range, domain: [a, b] };
}

/** Powers of ten, with 2 and 5 times them where there are few. */
function powers(from: number, to: number): number[] {
  const exponents = Array.from(
    { length: Math.floor(Math.log10(to)) - Math.floor(Math.log10(from)) + 1 },
    (_, i) => Math.floor(Math.log10(from)) + i,
  );
  const times = exponents.length > 3 ? [1] : [1, 2, 5];
  return exponents.flatMap((k) => times.map((m) => m * 10 ** k)).filter((tick) => tick >= from && tick <= to);
}

/** Ticks and a title below; grid lines up to `top`. */
export function xAxis(scale: Scale, y: number, top: number, title: string, name: (tick: number) => string): string {
  return [
    element('line', { x1: scale.range[0], x2: scale.range[1], y1: y, y2: y, stroke: 'currentColor', opacity: 0.5 }),
    ...scale.ticks.map((tick) => {
      const x = scale.at(tick);
      return (
        element('line', { x1: x, x2: x, y1: y + 4, y2: top, stroke: 'currentColor', opacity: GRID }) +
        label(name(tick), [x, y + 18], { 'text-anchor': 'middle', opacity: SOFT })
      );
    }),
    label(title, [(scale.range[0] + scale.range[1]) / 2, y + 36], { 'text-anchor': 'middle' }),
  ].join('');
}

/** Ticks at the left, grid lines to `right`, the title above the axis. */
export function yAxis(scale: Scale, x: number, right: number, title: string, name: (tick: number) => string): string {
  return [
    ...scale.ticks.map((tick) => {
      const y = scale.at(tick);
      return (
        element('line', { x1: x, x2: right, y1: y, y2: y, stroke: 'currentColor', opacity: GRID }) +
        label(name(tick), [x - 8, y + 4], { 'text-anchor': 'end', opacity: SOFT })
      );
    }),
    label(title, [x - 36, Math.min(...scale.range) - 12]),
  ].join('');
}

// Markers

export type Shape = 'circle' | 'square' | 'triangle' | 'diamond';
export const SHAPES: readonly Shape[] = ['circle', 'square', 'triangle', 'diamond'];

/** Filled, or open where `fill` is none. */
export function marker(shape: Shape, [x, y]: readonly [number, number], attributes: Attributes, r = 5): string {
  if (shape === 'circle') return element('circle', { cx: x, cy: y, r, ...attributes });
  const at = {
    square: [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ],
    triangle: [
      [0, -1.25],
      [1.2, 0.95],
      [-1.2, 0.95],
    ],
    diamond: [
      [0, -1.35],
      [1.35, 0],
      [0, 1.35],
      [-1.35, 0],
    ],
  }[shape];
  const scale = shape === 'square' ? r * 0.92 : r;
  const points = at.map(([dx, dy]) => `${rounded(x + dx * scale)},${rounded(y + dy * scale)}`).join(' ');
  return element('polygon', { points, ...attributes });
}

// Labels

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/**
 * A label for each point, near it, clear of markers, of `obstacles` and of the other labels where there is room; thin
 * lines lead to far ones.
 */
export function placeLabels(
  points: readonly { readonly x: number; readonly y: number; readonly words: string }[],
  frame: Box,
  obstacles: readonly Box[] = [],
): string {
  const height = FONT + 3;
  const taken: Box[] = [...obstacles, ...points.map(({ x, y }) => ({ x: x - 7, y: y - 7, width: 14, height: 14 }))];
  return points
    .map(({ x, y, words }) => {
      const width = widthOf(words);
      const candidates = [0, 1, 2, 3, 4, 5, 6].flatMap((ring) => {
        const far = 18 * ring;
        const besides = [x + 10, x - 10 - width].flatMap((left) =>
          ring === 0
            ? [[left, y - height / 2]]
            : [far, -far].map((dy) => [left + Math.sign(left - x) * 6, y - height / 2 + dy]),
        );
        return [...besides, [x - width / 2, y - 10 - height - far], [x - width / 2, y + 10 + far]].map(
          ([left, top]): Box => ({ x: left, y: top, width, height }),
        );
      });
      const cost = (box: Box, i: number) => {
        const outside = width * height - overlap(box, frame);
        return taken.reduce((sum, other) => sum + overlap(box, other), 0) * 4 + outside * 10 + i;
      };
      const costs = candidates.map(cost);
      const box = candidates[costs.indexOf(Math.min(...costs))];
      taken.push(box);
      const nearest = [Math.min(box.x + width, Math.max(box.x, x)), box.y + height / 2];
      const leads = Math.hypot(nearest[0] - x, nearest[1] - y) > 20;
      return (
        (leads
          ? element('line', { x1: x, y1: y, x2: nearest[0], y2: nearest[1], stroke: 'currentColor', opacity: 0.35 })
          : '') + label(words, [box.x, box.y + FONT - 1], HALO)
      );
    })
    .join('');
}

/**
 * Heights for labels in a column: in order, at least `gap` apart, within `range` where they fit, and otherwise as near
 * as may be (least squares) to where they belong. Labels that would overlap move as one block about their mean.
 */
export function spread(wanted: readonly number[], gap: number, [top, bottom]: readonly [number, number]): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const blocks: { sum: number; count: number }[] = [];
  const placeOf = ({ sum, count }: { sum: number; count: number }) =>
    Math.max(top, Math.min(bottom - gap * (wanted.length - 1), sum / count));
  // In the coordinate `height - gap * rank` the labels need only be in order: pool those that are not.
  for (const [rank, i] of order.entries()) {
    let block = { sum: wanted[i] - gap * rank, count: 1 };
    for (let last = blocks.at(-1); last && placeOf(last) >= placeOf(block); last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const placed = new Array<number>(wanted.length);
  let rank = 0;
  for (const block of blocks) {
    for (let k = 0; k < block.count; k++, rank++) placed[order[rank]] = placeOf(block) + gap * rank;
  }
  return placed;
}
