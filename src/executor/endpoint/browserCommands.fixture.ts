/** What tests in a browser have done for them in Node, which can listen on a port. Only vitest.config.ts imports this. */
import { type Fault, startTestServer, type TestServer } from './testServer.fixture.ts';

const servers = new Map<string, TestServer>();

/**
 * Starts a test server.
 * @param cors the origin that may ask it; null: none
 * @returns its address
 */
export async function startModelServer(
  _context: unknown,
  cors: string | null,
  faults: readonly Fault[],
): Promise<string> {
  const server = await startTestServer((call) => faults[call] ?? { kind: 'none' }, cors);
  servers.set(server.baseURL, server);
  return server.baseURL;
}

/** Stops one, and tells the requests that it had. */
export async function stopModelServer(
  _context: unknown,
  baseURL: string,
): Promise<{ readonly method: string; readonly path: string; readonly authorization: string | null }[]> {
  const server = servers.get(baseURL);
  servers.delete(baseURL);
  await server?.close();
  return (server?.seen ?? []).map(({ method, path, headers }) => ({
    method,
    path,
    authorization: headers.authorization === undefined ? null : String(headers.authorization),
  }));
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    startModelServer(cors: string | null, faults: readonly Fault[]): ReturnType<typeof startModelServer>;
    stopModelServer(baseURL: string): ReturnType<typeof stopModelServer>;
  }
}
