import { expect, test } from 'vitest';
import { conclusionsOf } from './conclusions.ts';
import { reportHtml } from './report.ts';
import { HOSTILE, results, resultsWith, temperatureResults } from './results.fixture.ts';
import { escaped } from './svg.ts';
import { parseXml } from './xml.fixture.ts';

const command = 'npm run lab -- experiment "made-up" && echo <done>';
const html = reportHtml(results, { command, made: '1 January' });
const every = [
  html,
  ...(['credit', 'variance', 'comparison'] as const).map((figure) => reportHtml(resultsWith({ figure }), { command })),
  reportHtml(temperatureResults(), { command }),
];
/** What a reader sees: tags taken away, entities read. */
const words = (markup: string) => markup.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');

test('no report has a script, a handler or anything to fetch', () => {
  for (const page of every) {
    expect(page).not.toMatch(/<(script|img|link|iframe|object|embed|base|form)\b/i);
    expect(page).not.toMatch(/<[^>]*\s(on\w+|src|href|srcset|action)\s*=/i);
    expect(page).not.toMatch(/url\(|@import/);
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:\/\//);
    expect(page).toContain("default-src 'none'");
  }
});

test('what comes from outside is text: names, errors, the command', () => {
  expect(html).toContain(escaped(HOSTILE));
  expect(html).not.toContain(HOSTILE);
  expect(html).toContain('log Z is not finite &lt;b&gt;at step 3&lt;/b&gt;');
  expect(html).toContain('&amp;&amp; echo &lt;done&gt;');
});

test('its markup is balanced, and its ids are unique', () => {
  for (const page of every) {
    const body = page.slice(page.indexOf('<body>'), page.indexOf('</body>') + '</body>'.length);
    const ids = parseXml(body).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
  }
});

test('every conclusion stands in it', () => {
  for (const sentence of conclusionsOf(results)) {
    expect(html).toContain(escaped(sentence.replace(/^(household|two-hop QA), (train|held-out): /, '')));
  }
});

test('a table for each suite and split has the mean, the half width and n, and says why what is missing is undefined', () => {
  expect(html.match(/<caption>Final measures/g)).toHaveLength(4);
  expect(words(html)).toContain('0.950 ± 0.020 (3)');
  expect(words(html)).toMatch(/undefined1/);
  expect(words(html)).toContain('Slope: undefined, because the reward is constant, or some outcome has probability 0.');
});

test('a difference whose interval leaves out 0 is marked, with its sign', () => {
  expect(words(html)).toContain('* −0.670 ± 0.030 (3)');
  expect(words(html)).not.toContain('* +0.020 ± 0.030 (3)');
});

test('tuning is shown whole: the effort, the grid and the choice', () => {
  const section = words(html.slice(html.indexOf('<h2>Tuning')));
  expect(section).toContain('Tuned with the same effort: 2 runs each');
  expect(section).toContain('optimiser.lr = 0.001');
  expect(html.match(/<strong>chosen<\/strong>/g)).toHaveLength(4); // two arms on two suites
});

test('it says how to make it again, on what it was made, and which runs failed', () => {
  expect(words(html)).toContain('22 finished and 2 failed');
  expect(words(html)).toContain('Devices: cpu, CPU (TypeScript)');
  expect(words(html)).toContain('Made 1 January.');
  expect(html).toContain('&quot;name&quot;: &quot;made-up&quot;');
});

test('only the temperature has the facts beside it, calculated', () => {
  const [section] = words(every[every.length - 1])
    .split('Facts 1, 3 and 4')
    .slice(-1);
  expect(section).toContain('slope, actions of 5 tokens455'); // fact 4, expected 5, calculated 5
  expect(html).not.toContain('Facts 1, 3 and 4');
});

test('it is readable in light and in dark', () => {
  expect(html).toContain('@media (prefers-color-scheme: dark)');
});
