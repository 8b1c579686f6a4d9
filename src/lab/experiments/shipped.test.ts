import { afterEach, describe, expect, it, vi } from 'vitest';
import { results as madeUp } from '../../experiments/results.fixture.ts';
import { BadResults, commandOf, EXPERIMENTS, parseResults, recordedResults } from './shipped.ts';

const answer = (status: number, body: string): void => {
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
};
afterEach(() => vi.unstubAllGlobals());

describe('the experiments of the lab', () => {
  it('begin with the four questions of the lab, each with the command that answers it', () => {
    expect(EXPERIMENTS.slice(0, 4).map(({ name }) => name)).toEqual(['collapse', 'credit', 'temperature', 'variance']);
    expect(commandOf(EXPERIMENTS[0])).toBe('npm run lab -- experiment experiments/collapse.json --out runs/collapse');
  });
});

describe('recorded results', () => {
  const files = import.meta.glob<string>('/experiments/results/*.json', {
    eager: true,
    query: '?raw',
    import: 'default',
  });

  it.each(Object.entries(files))('of %s are results, with every run finished', (file, content) => {
    const { experiment, runs } = parseResults(content, file);
    expect(file).toBe(`/experiments/results/${experiment.name}.json`);
    expect(runs.filter(({ status }) => status !== 'finished')).toEqual([]);
  });

  const text = JSON.stringify(madeUp);

  it('come back as they were written', () => {
    expect(parseResults(text, 'x.json')).toEqual(JSON.parse(text));
  });

  const recorded = { '../../../experiments/results/collapse.json': '/assets/collapse-x.json' };

  it('are none where none came with the lab', async () => {
    expect(await recordedResults('credit', recorded)).toBeNull();
  });

  it('are refused with the file and the place where they are something else', async () => {
    answer(200, '{');
    await expect(recordedResults('collapse', recorded)).rejects.toThrow(/collapse\.json is not JSON/);
    const broken = { ...JSON.parse(text), runs: [{ id: 7 }] };
    answer(200, JSON.stringify(broken));
    await expect(recordedResults('collapse', recorded)).rejects.toThrow(/collapse\.json, runs\.0\.id/);
    answer(500, '{}');
    await expect(recordedResults('collapse', recorded)).rejects.toThrow(BadResults);
  });
});
