import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEPLOY_MODULE, deployModule } from './deployModule.mjs';

test('public/supervisor.js is what `node scripts/deployModule.mjs` writes of the sources', async () => {
  expect(readFileSync(DEPLOY_MODULE, 'utf8')).toBe(await deployModule());
});

test('public/supervisor.js imports nothing, so that it can lie anywhere', () => {
  expect(readFileSync(DEPLOY_MODULE, 'utf8')).not.toMatch(/^import |import\(/m);
});
