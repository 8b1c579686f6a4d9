import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { ask, describeModel, failureOf } from '../contract.fixture.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';

const KEY = 'sk-secret';
const CONTEXT_TOKENS = 4096;

const endpoints: Endpoint[] = [];
afterEach(async () => {
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
});

function open(baseURL: string): Endpoint {
  const endpoint = createEndpoint({ baseURL, model: 'test-model', maxRetries: 0 }, { key: KEY });
  endpoints.push(endpoint);
  return endpoint;
}

describe('from a page', () => {
  let address: string;
  beforeAll(async () => {
    address = await commands.startModelServer(location.origin, []);
  });
  afterAll(async () => {
    await commands.stopModelServer(address);
  });

  describeModel(
    'an endpoint in a browser',
    async () => createEndpoint({ baseURL: address, model: 'test-model' }, { key: null }),
    { contextTokens: CONTEXT_TOKENS, schema: 'kept', streams: true },
  );
});

test('a server that allows the origin of the page is asked with the key', async () => {
  const address = await commands.startModelServer(location.origin, []);
  expect((await open(address).complete(ask('?'))).finish).toBe('stop');
  expect(await open(address).listModels()).toEqual(['test-model', 'other-model']);
  const seen = await commands.stopModelServer(address);
  expect(seen.filter(({ method }) => method !== 'OPTIONS')).toEqual([
    { method: 'POST', path: '/v1/chat/completions', authorization: `Bearer ${KEY}` },
    { method: 'GET', path: '/v1/models', authorization: `Bearer ${KEY}` },
  ]);
});

test.each([null, 'https://another.example'])(
  'a server that allows %s is told apart by CORS, and never had the request',
  async (cors) => {
    const address = await commands.startModelServer(cors, []);
    const endpoint = open(address);
    const failure = await failureOf(endpoint.complete(ask('?')));
    expect(failure.kind).toBe('blocked-by-cors');
    expect(failure.advice).toContain(`--cors-origins ${location.origin}`);
    expect(endpoint.spent().unreported.calls).toBe(0);
    const seen = await commands.stopModelServer(address);
    expect(seen.map(({ method }) => method)).not.toContain('POST');
    expect(seen.map(({ authorization }) => authorization)).not.toContain(`Bearer ${KEY}`);
  },
);

test('a server that is not there is told apart as unreachable', async () => {
  const address = await commands.startModelServer(location.origin, []);
  await commands.stopModelServer(address);
  const failure = await failureOf(open(address).complete(ask('?')));
  expect(failure.kind).toBe('unreachable');
  expect(failure.message).toContain(new URL(address).origin);
});

test('a connection that is cut by a server that has answered is no matter of CORS', async () => {
  // Two cuts: where a connection that was used before ends at once, Chromium sends again by itself, on a new one.
  const cut = { kind: 'cut', at: 'start' } as const;
  const address = await commands.startModelServer(location.origin, [{ kind: 'none' }, cut, cut]);
  const endpoint = open(address);
  await endpoint.complete(ask('?'));
  expect((await failureOf(endpoint.complete(ask('Another?')))).kind).toBe('server-error');
  expect(endpoint.spent().unreported.calls).toBe(1);
  await commands.stopModelServer(address);
});

test('a redirect is not followed', async () => {
  const elsewhere = await commands.startModelServer(location.origin, []);
  const address = await commands.startModelServer(location.origin, [
    { kind: 'redirect', to: `${elsewhere}/chat/completions` },
  ]);
  expect((await failureOf(open(address).complete(ask('?')))).kind).toBe('not-found');
  expect(await commands.stopModelServer(elsewhere)).toEqual([]);
  await commands.stopModelServer(address);
});
