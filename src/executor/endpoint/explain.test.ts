import { describe, expect, test } from 'vitest';
import { ask, failureOf } from '../contract.fixture.ts';
import { createEndpoint } from './endpoint.ts';
import { explainNoAnswer, mixedContent, type Page, pageHere } from './explain.ts';

const PAGE: Page = { origin: 'https://lab.example', online: true };
const SERVER = new URL('https://models.example:8000/v1');
const FAILED = new TypeError('Failed to fetch');
const isThere = async (): Promise<unknown> => null;
const isNotThere = (): Promise<unknown> => Promise.reject(new TypeError('Failed to fetch'));

describe('mixed content', () => {
  test.each([
    ['https://lab.example', 'http://models.example/v1', true],
    ['https://lab.example', 'http://192.168.1.7:8000/v1', true],
    ['https://lab.example', 'http://localhost.example/v1', true],
    ['https://lab.example', 'https://models.example/v1', false],
    ['https://lab.example', 'http://localhost:8000/v1', false],
    ['https://lab.example', 'http://lab.localhost:8000/v1', false],
    ['https://lab.example', 'http://127.0.0.1:8000/v1', false],
    ['https://lab.example', 'http://[::1]:8000/v1', false],
    ['http://lab.example', 'http://models.example/v1', false],
  ])('a page of %s that asks %s: %j', (origin, server, isMixed) => {
    const failure = mixedContent(new URL(server), { origin, online: true });
    expect(failure?.kind).toBe(isMixed ? 'mixed-content' : undefined);
    if (isMixed) expect(failure?.message).toContain(new URL(server).origin);
  });

  test('is told before anything is sent', async () => {
    let calls = 0;
    const endpoint = createEndpoint(
      { baseURL: 'http://models.example/v1', model: 'm' },
      {
        key: null,
        page: PAGE,
        fetch: async () => {
          calls++;
          return new Response();
        },
      },
    );
    expect((await failureOf(endpoint.complete(ask('?')))).kind).toBe('mixed-content');
    expect((await failureOf(endpoint.listModels())).kind).toBe('mixed-content');
    expect(calls).toBe(0);
    await endpoint.close();
  });
});

describe('what fetch does not say', () => {
  test('is CORS where the server is there and has never answered this page, with the flag of each server', async () => {
    const { failure, passing, neverSent } = await explainNoAnswer(FAILED, SERVER, PAGE, false, isThere);
    expect([failure.kind, passing, neverSent]).toEqual(['blocked-by-cors', false, true]);
    for (const flag of [
      `--allowed-origins '["https://lab.example"]'`,
      '--cors-origins https://lab.example',
      'OLLAMA_ORIGINS=https://lab.example',
    ]) {
      expect(failure.advice).toContain(flag);
    }
  });

  test('is a fault of the server where it has answered before', async () => {
    const { failure, passing, neverSent } = await explainNoAnswer(FAILED, SERVER, PAGE, true, isThere);
    expect([failure.kind, passing, neverSent]).toEqual(['server-error', true, false]);
  });

  test('is that nothing is there where nothing can be asked', async () => {
    const { failure, passing, neverSent } = await explainNoAnswer(FAILED, SERVER, PAGE, false, isNotThere);
    expect([failure.kind, passing, neverSent]).toEqual(['unreachable', true, false]);
    expect(failure.message).toContain('https://models.example:8000');
  });

  test('is that the machine is offline where it is, and nobody is asked', async () => {
    let asked = false;
    const { failure, neverSent } = await explainNoAnswer(
      FAILED,
      SERVER,
      { ...PAGE, online: false },
      false,
      async () => {
        asked = true;
      },
    );
    expect([failure.kind, neverSent, asked]).toEqual(['unreachable', true, false]);
    expect(failure.message).toContain('offline');
  });

  test('is in the code of the system outside of a page', async () => {
    const error = new TypeError('fetch failed', {
      cause: Object.assign(new Error('getaddrinfo ENOTFOUND models.example'), { code: 'ENOTFOUND' }),
    });
    const notFound = await explainNoAnswer(error, SERVER, null, false, isThere);
    expect([notFound.failure.kind, notFound.neverSent]).toEqual(['unreachable', true]);
    expect(notFound.failure.message).toContain('ENOTFOUND');
    // Cut in the middle: the server may have begun.
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect((await explainNoAnswer(reset, SERVER, null, false, isThere)).neverSent).toBe(false);
  });
});

test('there is no page in Node', () => {
  expect(pageHere()).toBeNull();
});
