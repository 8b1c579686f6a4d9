/** The command's side of `globalThis.lab`, against a page whose lab counts instead of learning. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepMetrics } from '../../src/training/records.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { type BrowserRun, RunFailed, runInBrowser } from './browserRun.ts';

/** Keeps its step count where a checkpoint would be, stops on `cancel`, refuses 13 steps. */
const PAGE = `<!doctype html><title>counting</title><script type="module">
  const listeners = new Set();
  let stopped = false;
  globalThis.lab = {
    onStep(callback) { listeners.add(callback); return () => listeners.delete(callback); },
    async cancel() { stopped = true; },
    async run(config, { resume }) {
      if (config.steps === 13) throw Object.assign(new Error('not thirteen'), { name: 'BadConfig' });
      const steps = [];
      for (let step = resume ? Number(localStorage.step ?? 0) : 0; step < config.steps && !stopped; step++) {
        const metrics = { step: step + 1, loss: step === 0 ? NaN : 1 / step };
        steps.push(metrics);
        localStorage.step = step + 1;
        listeners.forEach((listener) => listener(metrics));
        if (step > 2) await new Promise((done) => setTimeout(done, 20));
      }
      return { version: 1, config, steps, stopped: stopped ? 'cancelled' : 'finished' };
    },
  };
</script>`;

const folder = mkdtempSync(join(tmpdir(), 'skillflow-run-'));
const servers: Server[] = [];

async function serve(html: string): Promise<number> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

let port: number;
beforeAll(async () => {
  port = await serve(PAGE);
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const config = (steps: number) => resolveConfig({ version: 1, steps, suites: [{ name: 'diamond', train: 1 }] });

function start(steps: number, more: Partial<BrowserRun> = {}) {
  const profile = join(folder, 'profile');
  const plain = { resume: false, profile, port, onStep: () => {}, signal: new AbortController().signal };
  return runInBrowser({ config: config(steps), ...plain, ...more });
}

describe('a run in a headless Chromium', { timeout: 60_000 }, () => {
  test('hands over the config, reports steps, and returns the record with null for what is no number', async () => {
    const seen: StepMetrics[] = [];
    const record = await start(3, { onStep: (metrics) => seen.push(metrics) });
    expect(record.stopped).toBe('finished');
    expect(record.config).toEqual(config(3));
    expect(record.steps.map(({ step, loss }) => [step, loss])).toEqual([
      [1, null],
      [2, 1],
      [3, 0.5],
    ]);
    expect(seen[0].step).toBe(1);
  });

  test('is cancelled by its signal and resumes from what the browser kept, on whatever port', async () => {
    const cancel = new AbortController();
    const profile = join(folder, 'resumed');
    const first = await start(100_000, { profile, onStep: () => cancel.abort(), signal: cancel.signal });
    expect(first.stopped).toBe('cancelled');
    const done = first.steps.length;
    expect(done).toBeGreaterThan(0);
    const second = await start(done + 2, { profile, port: await serve(PAGE), resume: true });
    expect(second.steps.map(({ step }) => step)).toEqual([done + 1, done + 2]);
    expect(second.stopped).toBe('finished');
  });

  test('rejects with the name that the error had in the page', async () => {
    await expect(start(13)).rejects.toMatchObject({ name: 'BadConfig', message: 'not thirteen' });
  });

  test('says how to go on where the page is lost in the middle', async () => {
    const cancel = new AbortController();
    const lost = start(100_000, {
      profile: join(folder, 'lost'),
      port: await serve(PAGE.replace('stopped = true', 'location.reload()')),
      onStep: () => cancel.abort(),
      signal: cancel.signal,
    });
    await expect(lost).rejects.toMatchObject({ name: 'PageLost', message: expect.stringContaining('--resume') });
  });

  test('says what went wrong in a page that offers no lab', async () => {
    const broken = await serve('<script>throw new TypeError("broken page")</script>');
    const failure = start(3, { port: broken, profile: join(folder, 'broken'), patience: 500 });
    await expect(failure).rejects.toThrow(RunFailed);
    await expect(failure).rejects.toThrow(/broken page/);
  });
});
