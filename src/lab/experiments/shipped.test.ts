import { afterEach, describe, expect, it, vi } from 'vitest';
import { results as madeUp } from '../../experiments/results.fixture.ts';
import { BadResults, commandOf, EXPERIMENTS, parseResults, recordedResults } from './shipped.ts';

const answer = (status: number, body: string, type = 'application/json'): void => {
  vi.stubGlobal('fetch', async () => new Response(body, { status, headers: { 'content-type': type } }));
};
afterEach(() => vi.unstubAllGlobals());

describe('the experiments of the lab', () => {
  it('begin with the four questions of the lab, each with the command that answers it', () => {
    expect(EXPERIMENTS.slice(0, 4).map(({ name }) => name)).toEqual(['collapse', 'credit', 'temperature', 'variance']);
    expect(commandOf(EXPERIMENTS[0])).toBe('npm run lab -- experiment experiments/collapse.json --out runs/collapse');
  });
});

describe('recorded results', () => {
  const text = JSON.stringify(madeUp);

  it('come back as they were written', () => {
    expect(parseResults(text, 'x.json')).toEqual(JSON.parse(text));
  });

  it('are none where the host has no such file, or answers with its page', async () => {
    answer(404, 'not found', 'text/plain');
    expect(await recordedResults('collapse', 'http://localhost/lab/')).toBeNull();
    answer(200, '<!doctype html>', 'text/html');
    expect(await recordedResults('collapse', 'http://localhost/lab/')).toBeNull();
  });

  it('are refused with the file and the place where they are something else', async () => {
    answer(200, '{');
    await expect(recordedResults('collapse', 'http://localhost/')).rejects.toThrow(/collapse\.json is not JSON/);
    const broken = { ...JSON.parse(text), runs: [{ id: 7 }] };
    answer(200, JSON.stringify(broken));
    await expect(recordedResults('collapse', 'http://localhost/')).rejects.toThrow(/collapse\.json, runs\.0\.id/);
    answer(500, '{}');
    await expect(recordedResults('collapse', 'http://localhost/')).rejects.toThrow(BadResults);
  });
});
