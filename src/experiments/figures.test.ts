import { describe, expect, test } from 'vitest';
import { creditCourseSvg, curvesSvg, figureSvg } from './figures.ts';
import { HOSTILE, interval, results, resultsWith, resultsWithBar, temperatureResults } from './results.fixture.ts';
import type { Results } from './results.ts';
import { escaped, linear, logarithmic, placeLabels, spread, widthOf } from './svg.ts';
import type { XmlElement } from './xml.fixture.ts';
import { parseXml } from './xml.fixture.ts';

/** As of runs that end with skills. */
const withLibraries: Results = {
  ...resultsWith({ figure: 'evolution' }),
  rows: resultsWithBar().rows.map((row) => ({ ...row, values: { ...row.values, skills: 2 } })),
};
const course = (score: 'spearman' | 'hitAtOne'): string =>
  creditCourseSvg(results, { suite: 'household', split: 'train' }, { arm: 'ttb', against: 'advantage', score }) ?? '';

const figures = {
  collapse: figureSvg(results, 'household', 'train'),
  credit: figureSvg(resultsWith({ figure: 'credit' }), 'household', 'train'),
  temperature: figureSvg(temperatureResults(), 'household', 'train'),
  variance: figureSvg(resultsWith({ figure: 'variance' }), 'household', 'train'),
  comparison: figureSvg(resultsWith({ figure: 'comparison' }), 'two-hop QA', 'heldOut'),
  'comparison with a bar': figureSvg(resultsWithBar(), 'household', 'train'),
  curves: curvesSvg(results, 'household', 'train', 'success'),
  evolution: figureSvg(withLibraries, 'household', 'train'),
  'the course of a credit': course('spearman'),
};
const of = (elements: readonly XmlElement[], tag: string) => elements.filter((one) => one.tag === tag);
const texts = (elements: readonly XmlElement[]) => of(elements, 'text').map(({ text }) => text);

test('the reader of XML refuses what is not well-formed', () => {
  for (const bad of ['<a>', '<a></b>', '<a b=c/>', '<a>&</a>', '<a/><b/>', '<a b="1" b="2"/>', '<a>1 < 2</a>']) {
    expect(() => parseXml(bad), bad).toThrow();
  }
  expect(parseXml('<a b="&lt;"><c>x &amp; y</c></a>').map(({ tag, text }) => [tag, text])).toEqual([
    ['c', 'x & y'],
    ['a', 'x & y'],
  ]);
});

describe.each(Object.entries(figures))('the figure of %s', (_kind, svg) => {
  const elements = parseXml(svg);

  test('is well-formed, with a viewBox and no number that is not finite', () => {
    const root = elements[elements.length - 1];
    expect(root.tag).toBe('svg');
    expect(root.attributes.get('viewBox')).toMatch(/^0 0 \d+ \d+$/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined"/);
  });

  test('has a title and a description, to which it points', () => {
    const pointed = elements[elements.length - 1].attributes.get('aria-labelledby')?.split(' ');
    const named = [...of(elements, 'title'), ...of(elements, 'desc')];
    expect(named.map(({ attributes }) => attributes.get('id'))).toEqual(pointed);
    for (const { text } of named) expect(text.length).toBeGreaterThan(10);
  });

  test('has text in the colour of the page, and colours that are variables with fallbacks', () => {
    for (const { attributes } of of(elements, 'text')) expect(attributes.get('fill')).toBe('currentColor');
    const colours = elements.flatMap(({ attributes }) => [attributes.get('fill'), attributes.get('stroke')]);
    for (const one of colours) {
      expect(one ?? 'none').toMatch(
        /^(none|currentColor|var\(--series-\d, #[0-9a-f]{6}\)|var\(--panel, transparent\))$/,
      );
    }
  });

  test('keeps its words within its width', () => {
    const width = Number(elements[elements.length - 1].attributes.get('width'));
    for (const { attributes, text } of of(elements, 'text')) {
      const anchor = attributes.get('text-anchor');
      const x = Number(attributes.get('x')) - widthOf(text) * (anchor === 'end' ? 1 : anchor === 'middle' ? 0.5 : 0);
      expect(x, text).toBeGreaterThanOrEqual(-4);
      expect(x + widthOf(text), text).toBeLessThanOrEqual(width + 4);
    }
  });
});

describe('collapse', () => {
  const elements = parseXml(figures.collapse);

  test('each family has its marker, where the scales put it', () => {
    const filled = (tag: string, fill: RegExp) =>
      of(elements, tag).filter(({ attributes }) => fill.test(attributes.get('fill') ?? ''));
    expect(filled('circle', /series/)).toHaveLength(2); // ttb, and ttb closer
    expect(filled('polygon', /series/).map(({ attributes }) => attributes.get('points')?.split(' ').length)).toEqual([
      4, // reinforce: a square
      3, // sft: a triangle
      4, // and both again, closer
      3,
    ]);
    const x = (success: number) => 54 + (success / 1.03) * (400 - 54);
    expect(Number(filled('circle', /series/)[0].attributes.get('cx'))).toBeCloseTo(x(0.95), 1);
  });

  test('policies that need no learning are open and dashed', () => {
    const dashed = of(elements, 'circle').filter(({ attributes }) => attributes.has('stroke-dasharray'));
    expect(dashed).toHaveLength(5); // three, the target closer, and the one of the legend
    for (const { attributes } of dashed) expect(attributes.get('fill')).toBe('none');
    expect(texts(elements)).toEqual(expect.arrayContaining(['target', 'uniform policy', 'greedy policy']));
  });

  test('what has no value is named with its reason, and not drawn', () => {
    expect(texts(elements)).toContain('Not shown: grpo; modes kept undefined, because no outcome is solved.');
  });

  test('an arm that did not learn and has a value is open', () => {
    const svg = figureSvg(resultsWith({ values: { grpo: { modesKept: interval(0.1) } } }), 'household', 'train');
    expect(texts(parseXml(svg))).toEqual(
      expect.arrayContaining(['grpo (did not learn)', 'open, solid: did not learn']),
    );
  });

  test('names are text, never markup', () => {
    expect(figures.collapse).not.toContain('<img');
    expect(of(elements, 'desc')[0].text).toContain(HOSTILE);
  });
});

test('bars of credit carry their numbers, and a credit that nothing makes is undefined', () => {
  const words = texts(parseXml(figures.credit));
  expect(words.filter((one) => one === '0.900 ± 0.020')).toHaveLength(4); // flow against exactFlow, for each arm
  expect(words.filter((one) => one === 'undefined')).toHaveLength(4 * 3 * 2); // head
});

test('a comparison shows success and the target, or L1 and the bar that runs are held to', () => {
  const plain = texts(parseXml(figures.comparison));
  expect(plain).toEqual(expect.arrayContaining(['success', 'target 0.96', '0.950 ± 0.020']));
  const held = texts(parseXml(figures['comparison with a bar']));
  expect(held).toEqual(expect.arrayContaining(['L1 to the target', 'bar 0.15', '0.100 ± 0.020']));
  expect(held).not.toContain('success');
});

test('uniform, greedy and target stand in curves and bars, said to be of the first library where there are libraries', () => {
  const all = ['uniform policy', 'greedy policy', 'target'];
  expect(texts(parseXml(figures.curves))).toEqual(expect.arrayContaining(all));
  expect(texts(parseXml(figures.temperature))).toEqual(expect.arrayContaining(all));
  const levels = ['uniform policy 0.02', 'greedy policy 1', 'target 0.96'];
  expect(texts(parseXml(figures.comparison))).toEqual(expect.arrayContaining(levels));
  // The modes kept: none, one of four, all.
  expect(texts(parseXml(figures.comparison))).toEqual(
    expect.arrayContaining(['uniform policy 0', 'greedy policy 0.25']),
  );
  // Their L1 lies far beyond the bar, where the axis does not go.
  expect(texts(parseXml(figures['comparison with a bar']))).not.toContain('uniform policy 1.8');
  const atFirst = ['uniform at first 0.02', 'greedy at first 1', 'target at first 0.96'];
  expect(texts(parseXml(figures.evolution))).toEqual(expect.arrayContaining(atFirst));
});

test('the course of credits has a line for each, from where it is defined, and is none where nothing was measured', () => {
  expect(texts(parseXml(figures['the course of a credit']))).toEqual(expect.arrayContaining(['flow credit', 'random']));
  expect(of(parseXml(figures['the course of a credit']), 'desc')[0].text).toContain('flow credit: 0.500 ± 0.050');
  expect(course('hitAtOne')).toContain('hit@1 with the exact advantage: ttb');
  const place = { suite: 'household', split: 'train' } as const;
  expect(creditCourseSvg(results, place, { arm: 'ttb', against: 'exactFlow', score: 'spearman' })).toBeNull();
});

test('the temperature has the ratios as ticks, and ttb beside them', () => {
  const words = texts(parseXml(figures.temperature));
  expect(words).toEqual(expect.arrayContaining(['0.05', '0.2', '0.5', '1', 'ttb', 'ttb-paper', 'the target']));
});

test('two runs, whose interval is 13 standard errors wide, neither stretch the axis nor fill the picture', () => {
  const wide = (mean: number) => interval(mean, 8, 2);
  const of = temperatureResults();
  const summaries = of.summaries.map((one) => ({ ...one, values: { ...one.values, slope: wide(0.9), l1: wide(0.4) } }));
  const ticks = texts(parseXml(figureSvg({ ...of, summaries }, 'household', 'train'))).map(Number);
  expect(Math.max(...ticks.filter(Number.isFinite))).toBeLessThanOrEqual(2);
  const bandsOf = (svg: string) =>
    parseXml(svg).filter(({ attributes }) => attributes.get('opacity') === '0.13').length;
  const curves = results.curves.map((one) => ({
    ...one,
    points: one.points.map(({ step, interval: { mean } }) => ({ step, interval: wide(mean) })),
  }));
  expect(bandsOf(figures.curves)).toBe(4);
  expect(bandsOf(curvesSvg({ ...results, curves }, 'household', 'train', 'success'))).toBe(0);
});

test('a figure without data says so', () => {
  const empty = { ...resultsWith({ figure: 'variance' }), variances: [] };
  expect(texts(parseXml(figureSvg(empty, 'household', 'train')))).toEqual(['No variance was measured.']);
});

test('text is escaped, and characters that XML cannot hold are left out', () => {
  expect(escaped(`<a b="c" d='e'> & \u0007`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; ');
});

test('scales are linear or logarithmic, and hold what is outside within them', () => {
  const one = linear([0, 1], [100, 200]);
  expect([0, 0.25, 1, 7].map(one.at)).toEqual([100, 125, 200, 200]);
  expect(one.ticks.map((tick) => tick.toFixed(1))).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  const log = logarithmic([1, 100], [0, 2]);
  expect(log.at(10)).toBeCloseTo(1, 12);
});

test('labels in a column keep their order, their distance and their bounds', () => {
  const heights = spread([10, 12, 11, 98, 99], 10, [0, 100]);
  const order = [0, 2, 1, 3, 4].map((i) => heights[i]);
  for (const [i, height] of order.entries()) if (i > 0) expect(height - order[i - 1]).toBeGreaterThanOrEqual(10);
  expect(Math.max(...heights)).toBeLessThanOrEqual(100);
});

test('eleven labels of points that nearly coincide do not overlap', () => {
  const points = Array.from({ length: 11 }, (_, i) => ({ x: 700 + i, y: 80 + 2 * i, words: `objective ${i}` }));
  const placed = parseXml(`<g>${placeLabels(points, { x: 66, y: 36, width: 790, height: 400 })}</g>`);
  const boxes = of(placed, 'text').map(({ attributes, text }) => ({
    x: Number(attributes.get('x')),
    y: Number(attributes.get('y')),
    width: widthOf(text),
  }));
  expect(boxes).toHaveLength(11);
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      const clear = a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= 12;
      expect(clear, JSON.stringify([a, b])).toBe(true);
    }
  }
});
