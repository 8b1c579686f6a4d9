/** A server with the files of a model that is none, for tests in a browser, which cannot listen. Only vitest.config.ts imports this. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ARTEFACTS, type ArtefactFault, MODEL_PATH } from './artefacts.fixture.ts';

interface Running {
  readonly server: Server;
  readonly asked: string[];
  faults: Readonly<Record<string, ArtefactFault>>;
}

const running = new Map<string, Running>();

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

function answer(response: ServerResponse, body: Buffer, fault: ArtefactFault | undefined): void {
  switch (fault) {
    case undefined:
      response.end(body);
      return;
    case 'page':
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Not found</title>');
      return;
    case 'short':
      response.end(body.subarray(0, body.length - 1));
      return;
    case 'changed':
      response.end(Buffer.from(body.map((byte) => byte ^ 1)));
      return;
    case 'cut':
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
      return;
    case 'held':
      // The head and half of it, and no more.
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, body.length >> 1));
      return;
    case 'no-cors':
      response.removeHeader('access-control-allow-origin');
      response.end(body);
      return;
    default:
      response.statusCode = fault;
      response.end();
  }
}

/** Starts a server. @returns its address */
export async function startArtefacts(
  _context: unknown,
  faults: Readonly<Record<string, ArtefactFault>>,
): Promise<string> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path.slice(path.lastIndexOf('/') + 1);
    response.setHeader('access-control-allow-origin', '*');
    if (request.method === 'GET') asked.push(file);
    const body = path === `${MODEL_PATH}${file}` ? ARTEFACTS[file] : undefined;
    if (body === undefined) answer(response, Buffer.alloc(0), 404);
    else answer(response, Buffer.from(body, 'base64'), entry.faults[file]);
  });
  const entry: Running = { server, asked, faults };
  const address = await listen(server);
  running.set(address, entry);
  return address;
}

/** What was asked for since this was called last; from now on the server has these faults. */
export async function askedArtefacts(
  _context: unknown,
  address: string,
  faults: Readonly<Record<string, ArtefactFault>>,
): Promise<string[]> {
  const entry = running.get(address);
  if (entry === undefined) throw new Error(`There is no server at ${address}.`);
  entry.faults = faults;
  return entry.asked.splice(0).sort();
}

export async function stopArtefacts(_context: unknown, address: string): Promise<void> {
  const entry = running.get(address);
  running.delete(address);
  if (entry !== undefined) await stop(entry.server);
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    startArtefacts(faults: Readonly<Record<string, ArtefactFault>>): Promise<string>;
    askedArtefacts(address: string, faults: Readonly<Record<string, ArtefactFault>>): Promise<string[]>;
    stopArtefacts(address: string): Promise<void>;
  }
}
