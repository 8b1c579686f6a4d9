import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EncoderFailed } from './encoderFailed.ts';
import { fetchBytes, isAddress } from './fetchBytes.ts';

const CONTENT = Uint8Array.from({ length: 5000 }, (_, i) => i % 256);
const signal = new AbortController().signal;
const quiet = { signal, onProgress: () => {} };

const answers: Record<string, RequestListener> = {
  '/model.onnx': (_, response) => response.setHeader('content-length', CONTENT.length).end(CONTENT),
  '/unsaid': (_, response) => {
    response.write(CONTENT.subarray(0, 3000));
    response.end(CONTENT.subarray(3000));
  },
  '/private': (_, response) => response.writeHead(403).end(),
  '/broken': (_, response) => response.writeHead(500).end('oh'),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 100), () => response.destroy());
  },
  '/endless': (_, response) => {
    response.write(CONTENT);
  },
};

let server: Server;
let origin: string;
beforeEach(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

async function fault(address: string, limit = 1e6): Promise<EncoderFailed> {
  const failed = await fetchBytes(address, 'model', limit, quiet).catch((error: unknown) => error);
  if (failed instanceof EncoderFailed) return failed;
  throw new Error(`not an EncoderFailed: ${String(failed)}`);
}

describe('a file of an encoder by its address', () => {
  test('comes whole, with how far it is, where the server says its length', async () => {
    const told: [number, number | null][] = [];
    const onProgress = (bytes: number, of: number | null): number => told.push([bytes, of]);
    expect(await fetchBytes(`${origin}/model.onnx`, 'model', 1e6, { signal, onProgress })).toEqual(CONTENT);
    expect(told.at(-1)).toEqual([5000, 5000]);
  });

  test('comes whole where it does not', async () => {
    const told: (number | null)[] = [];
    const onProgress = (_: number, of: number | null): number => told.push(of);
    expect(await fetchBytes(`${origin}/unsaid`, 'model', 1e6, { signal, onProgress })).toEqual(CONTENT);
    expect(told.at(-1)).toBeNull();
  });

  test('that is not there says so, with the status and the address', async () => {
    const { fault: kind, message, hint } = await fault(`${origin}/none.onnx`);
    expect(kind).toBe('not-found');
    expect(message).toContain(`no model at ${origin}/none.onnx`);
    expect(message).toContain('404');
    expect(hint).toContain('resolve');
  });

  test('that is private, or whose server is broken, says so', async () => {
    expect(await fault(`${origin}/private`)).toMatchObject({
      fault: 'bad-answer',
      hint: expect.stringContaining('not public'),
    });
    expect(await fault(`${origin}/broken`)).toMatchObject({
      fault: 'bad-answer',
      hint: expect.stringContaining('later'),
    });
  });

  test('where nobody answers is refused, with what the system says', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const { fault: kind, message, hint } = await fault(`${origin}/model.onnx`);
    expect(kind).toBe('refused');
    expect(message).toContain('ECONNREFUSED');
    expect(hint).toContain('allows other origins');
  });

  test('that is cut off in the middle is no file', async () => {
    expect((await fault(`${origin}/cut`)).fault).toBe('refused');
  });

  test('from a device that is offline says so', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await fault(`${origin}/model.onnx`)).fault).toBe('offline');
  });

  test.each(['/model.onnx', '/unsaid', '/endless'])('of more bytes than the limit is not read on: %s', async (path) => {
    const { fault: kind, message } = await fault(origin + path, 4999);
    expect(kind).toBe('too-large');
    expect(message).toContain('0.00 MB');
  });

  test.each(['file:///etc/passwd', 'ftp://host/model.onnx', 'models/model.onnx', 'http://', 'data:,x'])(
    'is absolute, http or https: %s is not',
    async (address) => {
      expect((await fault(address)).fault).toBe('bad-address');
    },
  );

  test('is given up with the signal, and that is no fault of it', async () => {
    const abort = new AbortController();
    const onProgress = (): void => abort.abort(new Error('enough'));
    const reading = fetchBytes(`${origin}/endless`, 'model', 1e6, { signal: abort.signal, onProgress });
    await expect(reading).rejects.toThrow('enough');
  });
});

test('an address has a scheme; a name of a file, also with a folder or a drive, has none', () => {
  expect(['https://a/b', 'HTTP://a', 'ftp://a'].map(isAddress)).toEqual([true, true, true]);
  expect(['model.onnx', 'a/model.onnx', 'C:\\model.onnx', '/model.onnx'].map(isAddress)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
