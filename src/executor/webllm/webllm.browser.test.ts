/** WebLLM in a browser: its own worker, engine and caches, and a server whose files can go wrong. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cdp, commands } from 'vitest/browser';
import { failureOf } from '../contract.fixture.ts';
import type { ModelFailureKind } from '../modelFailure.ts';
import { ALL_FILES, type ArtefactFault, LIBRARY_FILE, MODEL_PATH, SHARD_FILES, sizeOf } from './artefacts.fixture.ts';
import { type Cached, deleteAllCached, deleteCached, listCached } from './cache.ts';
import { readDevice } from './device.ts';
import { browserPlatform, type Downloaded, download, type Progress, roomFor, sizeOfWeights } from './download.ts';
import { type Engine, knownModels, loadEngine, WEBLLM_VERSION } from './engine.ts';
import { kindOf } from './failures.ts';
import { LoadSlices, watchDevices } from './host.ts';
import type { FromWorker } from './protocol.ts';
import { createWebLLM } from './webllm.ts';

const ALL_BYTES = ALL_FILES.reduce((sum, file) => sum + sizeOf(file), 0);

const addresses: string[] = [];
async function serve(faults: Readonly<Record<string, ArtefactFault>> = {}): Promise<string> {
  const address = await commands.startArtefacts(faults);
  addresses.push(address);
  return address;
}
const asked = (address: string, faults: Readonly<Record<string, ArtefactFault>> = {}): Promise<string[]> =>
  commands.askedArtefacts(address, faults);

const at = (address: string): { readonly weights: string; readonly library: string } => ({
  weights: `${address}/a-model`,
  library: `${address}${MODEL_PATH}${LIBRARY_FILE}`,
});
const known = (address: string) => [
  { model: at(address).weights, model_id: 'a-model', model_lib: at(address).library },
];
const files = async (address: string): Promise<Cached> => listCached(known(address));

beforeEach(() => deleteAllCached());
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(addresses.splice(0).map((address) => commands.stopArtefacts(address)));
  await deleteAllCached();
});

describe('a download', () => {
  test('brings every file once, tells how far it is in bytes, and needs no network again', async () => {
    const address = await serve();
    const progress: Progress[] = [];
    expect(await download(at(address), { onProgress: (step) => progress.push(step) })).toEqual<Downloaded>({
      bytes: ALL_BYTES,
      dollarRoles: ['user'],
    });
    expect(await asked(address)).toEqual(ALL_FILES);
    expect(progress.at(-1)).toMatchObject({
      phase: 'download',
      files: ALL_FILES.length,
      ofFiles: ALL_FILES.length,
      bytes: ALL_BYTES,
      ofBytes: ALL_BYTES,
      fraction: 1,
    });
    expect(progress[0]).toMatchObject({ files: 0, ofBytes: null, fraction: null });
    expect(progress.every(({ bytes }, index) => index === 0 || bytes >= progress[index - 1].bytes)).toBe(true);

    await commands.stopArtefacts(address);
    expect((await download(at(address))).bytes).toBe(ALL_BYTES);
  });

  test('has a size that is known before it is begun', async () => {
    const address = await serve({ 'tokenizer.json': 404 });
    expect(await sizeOfWeights(at(address))).toBe(SHARD_FILES.reduce((sum, file) => sum + sizeOf(file), 0));
    expect(await asked(address)).toEqual(['tensor-cache.json']);
    expect((await files(address)).bytes).toBe(0);
    const gone = await serve({ 'tensor-cache.json': 404 });
    expect((await failureOf(sizeOfWeights(at(gone)))).kind).toBe('not-found');
  });

  test('lies where the engine looks for it', async () => {
    const address = await serve();
    const { hasModelInCache } = await loadEngine();
    const appConfig = { model_list: known(address) };
    expect(await hasModelInCache('a-model', appConfig)).toBe(false);
    await download(at(address));
    expect(await hasModelInCache('a-model', appConfig)).toBe(true);
  });

  test('goes on from where it was stopped', async () => {
    const address = await serve(Object.fromEntries(SHARD_FILES.slice(2).map((file) => [file, 'held' as const])));
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const stopped = download(at(address), {
      signal: controller.signal,
      onProgress: ({ files: there }) => {
        if (there === ALL_FILES.length - 4) setTimeout(() => controller.abort(reason), 50);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    expect((await files(address)).models).toMatchObject([{ complete: false }]);

    await asked(address);
    const first: Progress[] = [];
    await download(at(address), { onProgress: (step) => first.push(step) });
    expect(await asked(address)).toEqual(SHARD_FILES.slice(2));
    expect((await files(address)).models).toMatchObject([{ complete: true }]);
  });

  const LAST = SHARD_FILES[SHARD_FILES.length - 1];
  test.each<[string, ArtefactFault, ModelFailureKind]>([
    ['mlc-chat-config.json', 404, 'not-found'],
    ['tensor-cache.json', 404, 'not-found'],
    [LIBRARY_FILE, 404, 'not-found'],
    ['tokenizer.json', 410, 'not-found'],
    [LAST, 404, 'not-found'],
    [LAST, 401, 'unauthorised'],
    [LAST, 403, 'unauthorised'],
    [LAST, 429, 'rate-limited'],
    [LAST, 500, 'server-error'],
    ['mlc-chat-config.json', 'page', 'integrity'],
    ['tensor-cache.json', 'page', 'integrity'],
    [LIBRARY_FILE, 'page', 'integrity'],
    [LAST, 'page', 'integrity'],
    [LAST, 'short', 'integrity'],
    ['tensor-cache.json', 'short', 'integrity'],
    [LAST, 'cut', 'unreachable'],
    ['tokenizer.json', 'cut', 'unreachable'],
    ['mlc-chat-config.json', 'no-cors', 'blocked-by-cors'],
    [LAST, 'no-cors', 'blocked-by-cors'],
  ])(
    'of which %s goes wrong (%s) names the file, keeps none of it, and works when it is mended',
    async (file, fault, kind) => {
      const address = await serve({ [file]: fault });
      const failure = await failureOf(download(at(address)));
      expect([failure.kind, failure.message]).toEqual([kind, expect.stringContaining(`${MODEL_PATH}${file}`)]);
      const { models, libraries } = await files(address);
      expect(models.every(({ complete }) => !complete) || libraries.length === 0).toBe(true);
      await asked(address);
      expect((await download(at(address))).bytes).toBe(ALL_BYTES);
      expect(await asked(address)).toContain(file);
    },
  );

  test('from where nobody listens is told as that', async () => {
    const address = await commands.startArtefacts({});
    await commands.stopArtefacts(address);
    const failure = await failureOf(download(at(address)));
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toContain(`${address}${MODEL_PATH}mlc-chat-config.json could not be reached`);
  });

  test('of a device that is offline, and of http from a page over https, are told as that', async () => {
    const address = await commands.startArtefacts({});
    await commands.stopArtefacts(address);
    const offline = await failureOf(download(at(address), {}, { ...browserPlatform(), online: () => false }));
    expect([offline.kind, offline.message]).toEqual(['unreachable', expect.stringContaining('offline')]);

    const far = { weights: 'http://models.invalid/a-model', library: 'http://models.invalid/a.wasm' };
    const platform = { ...browserPlatform(), pageAddress: 'https://lab.example/' };
    expect((await failureOf(download(far, {}, platform))).kind).toBe('mixed-content');
  });

  test('is held to the hashes that were given, stored files too', async () => {
    const address = await serve();
    const digest = async (file: string): Promise<string> => {
      const body = await (await fetch(`${address}${MODEL_PATH}${file}`)).arrayBuffer();
      return `sha256-${btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', body))))}`;
    };
    const integrity = {
      config: await digest('mlc-chat-config.json'),
      library: await digest(LIBRARY_FILE),
      tokenizer: { 'tokenizer.json': await digest('tokenizer.json') },
    };
    await asked(address, { [LIBRARY_FILE]: 'changed' });
    const changed = await failureOf(download({ ...at(address), integrity }));
    expect([changed.kind, changed.message]).toEqual(['integrity', expect.stringContaining(LIBRARY_FILE)]);
    await asked(address);
    expect((await download({ ...at(address), integrity })).bytes).toBe(ALL_BYTES);

    const other = { ...integrity, config: integrity.library };
    expect((await failureOf(download({ ...at(address), integrity: other }))).kind).toBe('integrity');
    // It was deleted, so that the right one can come.
    await asked(address);
    await download({ ...at(address), integrity });
    expect(await asked(address)).toEqual(['mlc-chat-config.json']);
  });

  test('for which there is no room is not begun, and says how much is missing', async () => {
    const address = await serve();
    const estimate = () => Promise.resolve({ quota: 1_000_000, usage: 999_000 });
    const failure = await failureOf(download(at(address), {}, { ...browserPlatform(), estimate }));
    expect(failure.kind).toBe('quota');
    expect(failure.message).toMatch(/needs 0\.2 MB more, and the browser gives this page 0\.0 MB/);
    expect((await asked(address)).filter((file) => SHARD_FILES.includes(file))).toEqual([]);
    expect(await roomFor(1001, estimate)).toEqual({ free: 1000, enough: false });
    expect(await roomFor(1000, estimate)).toEqual({ free: 1000, enough: true });
    expect(await roomFor(1, () => Promise.reject(new Error('not told')))).toEqual({ free: null, enough: null });
  });

  test('that fills the storage says so in the words of the browser’s own quota', async () => {
    const address = await serve();
    const estimate = () => Promise.resolve({});
    const quota = (quotaSize?: number): Promise<unknown> =>
      cdp().send('Storage.overrideQuotaForOrigin', {
        origin: location.origin,
        ...(quotaSize === undefined ? {} : { quotaSize }),
      });
    const { usage = 0 } = await navigator.storage.estimate();
    await quota(usage + 20_000);
    try {
      const failure = await failureOf(download(at(address), {}, { ...browserPlatform(), estimate }));
      expect(failure.kind).toBe('quota');
    } finally {
      await quota();
    }
    expect((await download(at(address))).bytes).toBe(ALL_BYTES);
  });
});

describe('what is stored', () => {
  test('is listed with its size, by model and library', async () => {
    expect(await listCached([])).toEqual({ models: [], libraries: [], bytes: 0 });
    const address = await serve();
    await download(at(address));
    expect(await files(address)).toEqual<Cached>({
      models: [
        {
          folder: `${address}${MODEL_PATH}`,
          ids: ['a-model'],
          files: ALL_FILES.length - 1,
          bytes: ALL_BYTES - sizeOf(LIBRARY_FILE),
          complete: true,
        },
      ],
      libraries: [{ address: at(address).library, ids: ['a-model'], bytes: sizeOf(LIBRARY_FILE) }],
      bytes: ALL_BYTES,
    });
  });

  test('is deleted model by model, without a network; a library stays while another model uses it', async () => {
    const [one, two] = [await serve(), await serve()];
    const shared = { ...at(two), library: at(one).library };
    await download(at(one));
    await download(shared);
    const both = [...known(one), { model: shared.weights, model_id: 'another', model_lib: shared.library }];
    await commands.stopArtefacts(one);
    await deleteCached(`${one}${MODEL_PATH}`, both);
    const left = await listCached(both);
    expect(left.models.map(({ ids }) => ids)).toEqual([['another']]);
    expect(left.libraries.length).toBe(1);
    await deleteCached(`${two}${MODEL_PATH}`, both);
    expect(await listCached(both)).toEqual({ models: [], libraries: [], bytes: 0 });
  });

  test('is deleted all at once', async () => {
    const address = await serve();
    await download(at(address));
    await deleteAllCached();
    expect((await files(address)).bytes).toBe(0);
  });
});

describe('the engine in its own worker', () => {
  test('is the version that was read, and needs no network beyond the files', async () => {
    const { default: manifest } = await import('../../../package.json');
    expect(manifest.dependencies['@mlc-ai/web-llm']).toBe(WEBLLM_VERSION);
    expect((await knownModels()).length).toBeGreaterThan(100);
    const address = await serve();
    const phases: string[] = [];
    // The library of this model is no library, which is as far as the engine gets.
    const failure = await failureOf(
      createWebLLM({ model: at(address) }, { onProgress: ({ phase }) => phases.push(phase) }),
    );
    expect([failure.kind, failure.message]).toEqual([
      'server-error',
      expect.stringContaining('Loading the model failed'),
    ]);
    expect(new Set(phases)).toEqual(new Set(['download']));
    expect(await asked(address)).toEqual(ALL_FILES);

    await failureOf(createWebLLM({ model: at(address) }));
    expect(await asked(address)).toEqual([]);
  });

  test('hands failures of the download through', async () => {
    const address = await serve({ [SHARD_FILES[1]]: 404 });
    const failure = await failureOf(createWebLLM({ model: at(address) }));
    expect([failure.kind, failure.message]).toEqual(['not-found', expect.stringContaining(SHARD_FILES[1])]);
  });

  test('is stopped when the download is cancelled, and goes on from there the next time', async () => {
    const address = await serve({ [SHARD_FILES[5]]: 'held' });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const loading = createWebLLM(
      { model: at(address) },
      {
        signal: controller.signal,
        onProgress: ({ files: there }) => {
          if (there === ALL_FILES.length - 1) controller.abort(reason);
        },
      },
    );
    await expect(loading).rejects.toBe(reason);
    await asked(address);
    await failureOf(createWebLLM({ model: at(address) }));
    expect(await asked(address)).toEqual([SHARD_FILES[5]]);
  });

  test('is not started where there is no GPU: not a byte is downloaded', async () => {
    const address = await serve();
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
    expect((await failureOf(createWebLLM({ model: at(address) }))).kind).toBe('no-adapter');
    expect(await asked(address)).toEqual([]);
  });

  test('sees in this browser a software GPU without f16', async () => {
    const { secure, adapter } = await readDevice();
    expect(secure).toBe(true);
    expect(adapter).toMatchObject({ software: true });
    expect(adapter?.features.has('shader-f16')).toBe(false);
    const refused = await failureOf(createWebLLM({ model: 'SmolLM2-135M-Instruct-q0f16-MLC' }));
    expect(refused.kind).toBe('unsupported');
    expect(refused.advice).toContain('SmolLM2-135M-Instruct-q0f32-MLC');
  });
});

describe('what the engine itself says in this browser', () => {
  /** A load without the lab's own download: by the engine in this page. */
  async function said(model: { readonly weights: string; readonly library: string }, integrity = {}): Promise<string> {
    const { MLCEngine }: Engine = await loadEngine();
    const record = { model: model.weights, model_id: 'a-model', model_lib: model.library, integrity };
    const engine = new MLCEngine({ appConfig: { model_list: [record] }, logLevel: 'SILENT' });
    return engine.reload('a-model').then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
  }

  test('does not tell a 404 from a refused connection, which the download does', async () => {
    const address = await serve({ 'mlc-chat-config.json': 404 });
    const missing = await said(at(address));
    await commands.stopArtefacts(address);
    const refused = await said(at(address));
    expect([missing, refused].map(kindOf)).toEqual(['unreachable', 'unreachable']);
    expect(missing).not.toContain('404');
    expect(missing + refused).not.toContain(address);
  });

  test.each<[string, ArtefactFault]>([
    [LIBRARY_FILE, 'page'],
    ['mlc-chat-config.json', 'page'],
    ['mlc-chat-config.json', 'short'],
  ])('of %s that is wrong (%s) means integrity', async (file, fault) => {
    const words = await said(at(await serve({ [file]: fault })));
    expect(`${words} -> ${kindOf(words)}`).toBe(`${words} -> integrity`);
  });

  test('of a hash that does not fit means integrity, and it keeps the file that is wrong', async () => {
    const address = await serve();
    const words = await said(at(address), { config: `sha256-${'A'.repeat(43)}=` });
    expect(words).toContain('IntegrityError');
    expect(kindOf(words)).toBe('integrity');
    expect((await listCached(known(address))).models).toMatchObject([{ files: 1 }]);
  });
});

describe('a device', () => {
  test('that is lost is told once, and whether memory was short', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) throw new Error('This browser has no WebGPU adapter.');
    const lost: [boolean, string][] = [];
    const watched: Pick<GPUAdapter, 'requestDevice'> = {
      requestDevice: (descriptor) => adapter.requestDevice(descriptor),
    };
    watchDevices(watched, (memory, said) => lost.push([memory, said]));
    const device = await watched.requestDevice();
    device.pushErrorScope('validation');
    expect(await device.popErrorScope()).toBeNull();
    // As the engine does for each buffer, of which one is too large.
    device.pushErrorScope('validation');
    device.createBuffer({ size: 2 ** 48, usage: GPUBufferUsage.STORAGE });
    expect(await device.popErrorScope()).toBeInstanceOf(GPUValidationError);
    device.destroy();
    await vi.waitFor(() => expect(lost.length).toBe(1));
    expect(lost[0][0]).toBe(false);
    expect(lost[0][1]).not.toBe('');
  });

  test('is handed out when a turn has come, and its queue is waited for until the next one has', async () => {
    const watched: Pick<GPUAdapter, 'requestDevice'> = {
      requestDevice: async (descriptor) => {
        const adapter = await navigator.gpu.requestAdapter();
        if (adapter === null) throw new Error('This browser has no WebGPU adapter.');
        return adapter.requestDevice(descriptor);
      },
    };
    const posted: FromWorker[] = [];
    const slices = new LoadSlices((message) => posted.push(message));
    watchDevices(
      watched,
      () => {},
      () => slices.pause(),
    );
    const order: string[] = [];
    const upload = async (): Promise<void> => {
      const device = await watched.requestDevice();
      order.push('device');
      for (const name of ['first', 'second']) {
        const size = 4 * 64;
        const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
        device.queue.writeBuffer(buffer, 0, new Float32Array(64));
        await device.queue.onSubmittedWorkDone();
        order.push(name);
      }
      device.destroy();
    };
    slices.want(true);
    const uploading = upload();
    for (const so of [[], ['device'], ['device', 'first']]) {
      await vi.waitFor(() => expect(posted.length).toBe(so.length + 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(order).toEqual(so);
      slices.goOn();
    }
    await uploading;
    expect(posted).toEqual([{ lab: 'slice' }, { lab: 'slice' }, { lab: 'slice' }]);
    // Where nobody shares the GPU it goes on by itself.
    slices.want(false);
    await upload();
    expect(posted.length).toBe(3);
  });

  test('that is destroyed over an error of memory says that it was memory', async () => {
    const lost: [boolean, string][] = [];
    let lose: (info: GPUDeviceLostInfo) => void = () => {};
    const device = {
      queue: { onSubmittedWorkDone: () => Promise.resolve() },
      popErrorScope: () => Promise.resolve(new GPUOutOfMemoryError('no room for a buffer')),
      lost: new Promise<GPUDeviceLostInfo>((resolve) => {
        lose = resolve;
      }),
    } as unknown as GPUDevice;
    const watched = { requestDevice: () => Promise.resolve(device) };
    watchDevices(watched, (memory, said) => lost.push([memory, said]));
    const given = await watched.requestDevice();
    await given.popErrorScope();
    lose({ reason: 'destroyed', message: 'Device was destroyed.' } as GPUDeviceLostInfo);
    await vi.waitFor(() => expect(lost).toEqual([[true, 'no room for a buffer']]));
  });
});
