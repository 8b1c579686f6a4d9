/** A run without a browser over a server that speaks as OpenAI's does, with faults. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Fault, TestServer } from '../../src/executor/endpoint/testServer.fixture.ts';
import { startTestServer } from '../../src/executor/endpoint/testServer.fixture.ts';
import { storedResultSchema } from '../../src/executor/resultStore.ts';
import type { RunConfig } from '../../src/training/config.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { fileResults } from './fileResults.ts';
import { runInNode } from './nodeRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillflow-live-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(faults: readonly Fault[] = []): Promise<TestServer> {
  const server = await startTestServer((call) => faults[call] ?? { kind: 'none' });
  servers.push(server);
  return server;
}

function configFor({ baseURL }: TestServer, caps: { calls?: number } = {}): RunConfig {
  return resolveConfig({
    version: 1,
    seed: 2,
    device: 'cpu',
    steps: 4,
    evaluation: { every: 2, tasks: 2 },
    suites: [{ name: 'two-hop-qa-live', settings: { steps: 2, countries: 12 }, train: 2, heldOut: 1 }],
    encoder: { dimensions: 32 },
    supervisor: { width: 8, heads: 2 },
    objective: { kind: 'tb' },
    rollout: { tasksPerStep: 2, trajectoriesPerTask: 4 },
    executor: {
      kind: 'endpoint',
      // The weights are named, so that a server at another port has the same results.
      endpoint: { baseURL, model: 'm', weights: 'w', firstDelayMs: 1, caps },
    },
  });
}

const linesOf = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a live run in Node', () => {
  test('survives a server that refuses, fails and cuts, and keeps each result once', async () => {
    const server = await serve([
      { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
      { kind: 'status', status: 500 },
      { kind: 'cut', at: 'body' },
      { kind: 'malformed', how: 'not-json' },
    ]);
    const results = join(folder, 'faults.jsonl');
    const record = await runInNode({ config: configFor(server), signal: never, results });
    expect(record.stopped).toBe('finished');
    const kept = linesOf(results).map((line) => storedResultSchema.parse(line));
    expect(new Set(kept.map(({ key }) => key)).size).toBe(kept.length);
    expect(server.calls).toBe(kept.length + 4);
  });

  test('is replayed without the server from what was kept', async () => {
    const results = join(folder, 'replay.jsonl');
    const server = await serve();
    const config = configFor(server);
    const first = await runInNode({ config, signal: never, results });
    const asked = server.calls;
    servers.pop();
    await server.close();
    const again = await runInNode({ config, signal: never, results });
    expect(again.steps).toEqual(first.steps);
    expect(again.evaluations).toEqual(first.evaluations);
    expect(server.calls).toBe(asked);
  });

  test('stops cleanly at a cap, and says which; with more room it goes on and pays for nothing twice', async () => {
    const server = await serve();
    const [results, checkpoints] = [join(folder, 'caps.jsonl'), join(folder, 'caps')];
    const capped = await runInNode({
      config: configFor(server, { calls: 10 }),
      signal: never,
      results,
      folder: checkpoints,
    });
    expect(capped.stopped).toMatchObject({ error: expect.stringMatching(/cap of 10 requests is reached/) });
    expect(server.calls).toBe(10);
    expect(linesOf(results)).toHaveLength(10);
    const whole = await runInNode({ config: configFor(server), signal: never, results });
    expect(whole.stopped).toBe('finished');
    expect(linesOf(results)).toHaveLength(server.calls);
  });
});

describe('results in a file', () => {
  test('survive a line that was cut off, keep their first answer, and go by model', async () => {
    const path = join(folder, 'store.jsonl');
    const store = fileResults(path);
    const result = storedResultSchema.parse({
      key: 'a'.repeat(64),
      model: 'm',
      act: 'plan',
      task: 't',
      inputs: [],
      skill: null,
      prompt: [],
      answer: 'first',
      finish: 'stop',
      failure: null,
      promptTokens: 1,
      completionTokens: 1,
      milliseconds: 1,
      cost: 0,
    });
    await store.put(result);
    await store.put({ ...result, answer: 'second' });
    await store.put({ ...result, key: 'b'.repeat(64), model: 'n' });
    appendFileSync(path, '{"key":"cc');
    const again = fileResults(path);
    expect(await again.of('m')).toEqual([result]);
    // Another run, which looked before the first had an answer, asked the same.
    appendFileSync(path, `\n${JSON.stringify({ ...result, answer: 'third' })}\n{"key":"cc`);
    expect(await again.put({ ...result, answer: 'fourth' })).toEqual(result);
    const later = { ...result, key: 'd'.repeat(64) };
    expect(await again.put(later)).toEqual(later);
    expect(await fileResults(path).of('m')).toEqual([result, later]);
    await again.clear('m');
    expect(await again.of('m')).toEqual([]);
    expect(await fileResults(path).of('n')).toHaveLength(1);
  });
});
