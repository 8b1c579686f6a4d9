/** A model in this tab: what WebLLM lists, what this device can run of it and why not the rest, what is stored. */
import { type ReactNode, useEffect, useId, useState } from 'react';
import type { CachedModel } from '../../executor/webllm/cache.ts';
import type { DeviceFacts } from '../../executor/webllm/device.ts';
import type { ListedModel, Verdict } from '../../executor/webllm/models.ts';
import { useLab } from '../context.ts';
import { failureOf } from '../store/failures.ts';
import { adviceOf, type Json, valueAt } from './draft.ts';

const MODEL = 'executor.webllm.model';

interface Known {
  readonly models: readonly (ListedModel & { readonly verdict: Verdict })[];
  readonly device: DeviceFacts;
}

export function WebllmFields(): ReactNode {
  const chosen = useLab((state) => valueAt(state.draft, MODEL));
  const wrong = useLab((state) => adviceOf(state.errors.find(({ path }) => path.startsWith('executor.webllm'))));
  const setField = useLab((state) => state.setField);
  const [known, setKnown] = useState<Known | string>('Loading the list of WebLLM.');
  const [search, setSearch] = useState('');
  const [all, setAll] = useState(false);
  const id = useId();

  useEffect(() => {
    let isOver = false;
    loadKnown().then(
      (found) => !isOver && setKnown(found),
      (reason: unknown) => !isOver && setKnown(failureOf(reason).message),
    );
    return () => {
      isOver = true;
    };
  }, []);

  if (typeof known === 'string') return <p className="text-soft">{known}</p>;
  const wanted = search.trim().toLowerCase();
  const listed = known.models.filter(
    ({ id: name, verdict }) => (all || verdict.runs !== 'no') && name.toLowerCase().includes(wanted),
  );
  const possible = known.models.filter(({ verdict }) => verdict.runs !== 'no');
  const runnable = possible.length;
  // What holds for all of them is said once.
  const first = possible[0]?.verdict;
  const shared =
    first !== undefined && first.why !== '' && possible.every(({ verdict }) => verdict.why === first.why)
      ? first
      : null;
  return (
    <div className="mt-1">
      <p className="text-[0.92em] text-soft">
        {runnable} of {known.models.length} models may run on this device.
        {runnable === 0 && known.models[0] !== undefined ? ` ${known.models[0].verdict.why} ` : ' '}Weights come from
        Hugging Face when the run is opened; nothing that is asked leaves the device.
      </p>
      {shared !== null && (
        <p className="mt-1 text-[0.92em] text-warn">
          {shared.why} {shared.advice}
        </p>
      )}
      {wrong !== undefined && <p className="mt-1 text-[0.92em] text-minus">{wrong}</p>}
      <div className="mt-1 flex flex-wrap items-center gap-1">
        <label htmlFor={`${id}-search`} className="sr-only">
          Search models
        </label>
        <input
          id={`${id}-search`}
          type="search"
          className="control min-w-0 flex-1"
          placeholder="Search models"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <label
          className="flex items-center gap-1 text-soft"
          title="Those that this device cannot run too, each with the reason"
        >
          <input type="checkbox" className="control" checked={all} onChange={({ target }) => setAll(target.checked)} />
          all
        </label>
      </div>
      <ul aria-label="Models" className="mt-1 max-h-64 overflow-y-auto rounded border border-line">
        {listed.map((model) => (
          <li key={model.id} className="border-b border-line last:border-b-0">
            <button
              type="button"
              className={`w-full px-2 py-1 text-left hover:bg-flow-soft ${model.id === chosen ? 'bg-flow-soft font-semibold' : ''}`}
              aria-pressed={model.id === chosen}
              onClick={() => setField(MODEL, model.id)}
            >
              <span className="block break-words">{model.id}</span>
              <span className="block text-[0.9em] font-normal text-faint">{factsOf(model)}</span>
              {model.verdict.why !== '' && model.verdict.why !== shared?.why && (
                <span
                  className={`block text-[0.9em] font-normal ${model.verdict.runs === 'no' ? 'text-minus' : 'text-warn'}`}
                >
                  {model.verdict.why} {model.verdict.advice}
                </span>
              )}
            </button>
          </li>
        ))}
        {listed.length === 0 && <li className="px-2 py-1 text-soft">No model is like that.</li>}
      </ul>
      <OwnModel />
      <Stored />
    </div>
  );
}

async function loadKnown(): Promise<Known> {
  const [{ knownModels }, { canRun }, { readDevice }] = await Promise.all([
    import('../../executor/webllm/engine.ts'),
    import('../../executor/webllm/models.ts'),
    import('../../executor/webllm/device.ts'),
  ]);
  const [models, device] = await Promise.all([knownModels(), readDevice()]);
  const judged = models.map((model) => ({ ...model, verdict: canRun(model, device) }));
  // The smallest first: that is what one begins with. Of what is of one size, the order of WebLLM.
  const size = ({ memoryMB }: ListedModel): number => memoryMB ?? Number.POSITIVE_INFINITY;
  return { models: judged.sort((a, b) => (size(a) === size(b) ? 0 : size(a) - size(b))), device };
}

function factsOf({ memoryMB, contextTokens, licence }: ListedModel): string {
  return [
    memoryMB === null ? 'memory not stated' : `${(memoryMB / 1024).toFixed(1)} GB of GPU memory`,
    ...(contextTokens === null ? [] : [`${contextTokens.toLocaleString('en')} tokens of context`]),
    licence === null ? 'licence: see its card' : licence.name,
  ].join(', ');
}

/** A model by its addresses. */
function OwnModel(): ReactNode {
  const model = useLab((state) => valueAt(state.draft, MODEL));
  const setField = useLab((state) => state.setField);
  const id = useId();
  const isOwn = typeof model === 'object' && model !== null && !Array.isArray(model);
  const own = isOwn ? (model as Readonly<Record<string, Json>>) : {};
  const field = (name: 'weights' | 'library', label: string): ReactNode => (
    <div className="py-0.5">
      <label htmlFor={`${id}-${name}`} className="text-soft">
        {label}
      </label>
      <input
        id={`${id}-${name}`}
        className="control mt-0.5 block w-full"
        value={typeof own[name] === 'string' ? own[name] : ''}
        placeholder="https://"
        onChange={({ target }) => setField(MODEL, { ...own, [name]: target.value })}
      />
    </div>
  );
  return (
    <details className="mt-1" open={isOwn || undefined}>
      <summary className="rounded text-soft">A model of your own{isOwn && ', chosen'}</summary>
      {field('weights', 'Folder of weights')}
      {field('library', 'Compiled library (.wasm)')}
    </details>
  );
}

const loaded = async () => (await import('../../executor/webllm/engine.ts')).loadEngine();

/** What the browser keeps of models, and deleting it. */
function Stored(): ReactNode {
  const [cached, setCached] = useState<readonly CachedModel[] | string | null>(null);

  async function list(): Promise<void> {
    setCached('Looking.');
    try {
      const [{ listCached }, engine] = await Promise.all([import('../../executor/webllm/cache.ts'), loaded()]);
      setCached((await listCached(engine.prebuiltAppConfig.model_list)).models);
    } catch (error) {
      setCached(failureOf(error).message);
    }
  }

  async function remove(model: CachedModel): Promise<void> {
    try {
      const [{ deleteCached }, engine] = await Promise.all([import('../../executor/webllm/cache.ts'), loaded()]);
      await deleteCached(model.folder, engine.prebuiltAppConfig.model_list);
      await list();
    } catch (error) {
      setCached(failureOf(error).message);
    }
  }

  return (
    <details className="mt-1" onToggle={({ currentTarget }) => void (currentTarget.open && list())}>
      <summary className="rounded text-soft">Stored in this browser</summary>
      {typeof cached === 'string' && <p className="text-soft">{cached}</p>}
      {Array.isArray(cached) && cached.length === 0 && <p className="text-soft">No model is stored.</p>}
      {Array.isArray(cached) &&
        cached.map((model: CachedModel) => (
          <div key={model.folder} className="flex items-center justify-between gap-2 py-0.5">
            <span className="min-w-0 break-words">
              {model.ids[0] ?? model.folder}
              {model.complete ? '' : ' (not complete)'}{' '}
              <span className="text-faint tabular-nums">{(model.bytes / 2 ** 20).toFixed(0)} MB</span>
            </span>
            <button type="button" className="button" onClick={() => void remove(model)}>
              Delete
            </button>
          </div>
        ))}
    </details>
  );
}
