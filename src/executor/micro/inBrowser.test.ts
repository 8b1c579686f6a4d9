import { afterEach, describe, expect, test, vi } from 'vitest';
import { failureOf } from '../contract.fixture.ts';
import { microInBrowser } from './inBrowser.ts';

/** A body that ends in an error after its first byte. */
const cut = (): Response =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
      pull: (controller) => controller.error(new TypeError('terminated')),
    }),
  );

describe('the files of the small model', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each<[string, () => Promise<Response>, string, string]>([
    ['are not there', async () => new Response('', { status: 404 }), 'not-found', 'answered with status 404'],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch')), 'unreachable', 'not reached'],
    ['are cut off', async () => cut(), 'unreachable', 'cut off on its way'],
  ])('that %s are named, with what to do', async (_, fetched, kind, words) => {
    vi.stubGlobal('fetch', fetched);
    const failure = await failureOf(microInBrowser('http://site.example/lab/'));
    expect(failure.kind).toBe(kind);
    expect(failure.what).toMatch(/^http:\/\/site\.example\/lab\/micro\/(model\.onnx|tokenizer\.json|micro\.json) /);
    expect(failure.what).toContain(words);
    expect(failure.advice).not.toBe('');
  });

  test('are no longer wanted once the signal says so, whatever broke by then', async () => {
    const reason = new Error('no longer wanted');
    vi.stubGlobal('fetch', async () => cut());
    await expect(microInBrowser('http://site.example/', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
