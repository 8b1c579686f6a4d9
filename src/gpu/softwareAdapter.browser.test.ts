import { expect, it } from 'vitest';
import { testBackend } from './testing/testBackend.ts';

it('the adapter of the tests in Chromium says its name, and that it is a software one', async () => {
  const backend = await testBackend();
  expect(backend.adapter).toMatch(/swiftshader/i);
  expect(backend.software).toBe(true);
  backend.destroy();
});
