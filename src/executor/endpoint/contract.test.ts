import { afterAll, beforeAll } from 'vitest';
import { describeModel } from '../contract.fixture.ts';
import { createEndpoint } from './endpoint.ts';
import { CONTEXT_TOKENS, startTestServer, type TestServer } from './testServer.fixture.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

for (const streamed of [true, false]) {
  describeModel(
    streamed ? 'an endpoint that streams' : 'an endpoint that answers in one piece',
    async () => createEndpoint({ baseURL: server.baseURL, model: 'test-model', streamed }, { key: null }),
    { contextTokens: CONTEXT_TOKENS, schema: 'kept', streams: streamed },
  );
}
