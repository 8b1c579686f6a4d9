/** Which language model carries out the acts of live suites: shown where there is such a suite. */
import { type ReactNode, useId, useRef, useState } from 'react';
import { PROMPTED_ACTS, PROMPTS } from '../../executor/prompt.ts';
import { EXECUTORS } from '../../executor/settings.ts';
import { suites } from '../../training/suites.ts';
import { useLab } from '../context.ts';
import { failureOf } from '../store/failures.ts';
import { adviceOf, valueAt } from './draft.ts';
import { FieldRow } from './FieldRow.tsx';
import type { Field } from './fields.ts';
import { WebllmFields } from './WebllmFields.tsx';

const KIND = 'executor.kind';
const WHO: Readonly<Record<(typeof EXECUTORS)[number], string>> = {
  micro: 'the small model of the lab',
  webllm: 'a model in this tab (WebLLM)',
  endpoint: 'a model behind a server',
};
const MAIN = ['endpoint.baseURL', 'endpoint.model', 'endpoint.concurrency'];
/** Their texts are long. */
const WIDE = new Set(['endpoint.baseURL', 'endpoint.model', 'endpoint.weights']);

interface ExecutorFieldsProps {
  readonly fields: readonly Field[];
  readonly changed: ReadonlySet<string>;
}

/** Whether a draft names a suite that a language model works on. */
export function isLive(draft: unknown): boolean {
  const entries: unknown = valueAt(draft as never, 'suites');
  const names = new Set(suites.flatMap(({ name, live }) => (live ? [name] : [])));
  return (
    Array.isArray(entries) &&
    entries.some(
      (entry: unknown) =>
        entry !== null && typeof entry === 'object' && 'name' in entry && names.has(String(entry.name)),
    )
  );
}

/** Whether a field of the executor is one of a model of another kind than the one that is chosen, and so not shown. */
export function isOfAnother(path: string, draft: unknown): boolean {
  const kind = valueAt(draft as never, KIND) ?? 'micro';
  return EXECUTORS.some((other) => other !== kind && path.startsWith(`executor.${other}.`));
}

export function ExecutorFields({ fields, changed }: ExecutorFieldsProps): ReactNode {
  const kind = useLab((state) => valueAt(state.draft, KIND) ?? 'micro');
  const setField = useLab((state) => state.setField);
  // Of the server as a whole: no row of the fields below says it.
  const missing = useLab((state) => adviceOf(state.errors.find(({ path }) => path === 'executor.endpoint')));
  const id = useId();
  const of = (path: string): Field | undefined => fields.find((field) => field.path === `executor.${path}`);
  const row = (path: string): ReactNode => {
    const field = of(path);
    return field && <FieldRow key={path} field={field} changed={changed.has(field.path)} wide={WIDE.has(path)} />;
  };
  return (
    <>
      <div className="py-0.5">
        <label htmlFor={id} className={changed.has(KIND) ? 'text-focus' : 'text-soft'}>
          {changed.has(KIND) && <span aria-hidden="true">• </span>}
          Carried out by
        </label>
        <select
          id={id}
          className="control mt-0.5 block w-full min-w-0"
          value={String(kind)}
          onChange={({ target }) => setField(KIND, target.value)}
        >
          {EXECUTORS.map((one) => (
            <option key={one} value={one}>
              {WHO[one]}
            </option>
          ))}
        </select>
      </div>
      {kind === 'micro' && (
        <p className="text-[0.92em] text-faint">
          About a million parameters, trained by the lab on its own suites. No download and no key; often wrong, and
          what it gets right is measured in docs/micro.md.
        </p>
      )}
      {kind === 'webllm' && (
        <>
          <WebllmFields />
          {['webllm.contextTokens', 'webllm.thinking'].map(row)}
        </>
      )}
      {kind === 'endpoint' && (
        <>
          {missing !== undefined && <p className="text-[0.92em] text-minus">{missing}</p>}
          {MAIN.map(row)}
          <Server />
          <details className="mt-1">
            <summary className="rounded text-soft">Retries, prices, caps</summary>
            {fields
              .filter(
                ({ path }) => path.startsWith('executor.endpoint.') && !MAIN.includes(path.slice('executor.'.length)),
              )
              .map(({ path }) => row(path.slice('executor.'.length)))}
          </details>
        </>
      )}
      <details className="mt-1">
        <summary className="rounded text-soft">Prompts, seed, exploring</summary>
        {['seed', 'explore.unknown', 'explore.calls'].map(row)}
        {PROMPTED_ACTS.map((act) => (
          <Prompt key={act} act={act} />
        ))}
      </details>
    </>
  );
}

/** The key, and what the server has. */
function Server(): ReactNode {
  const baseURL = useLab((state) => valueAt(state.draft, 'executor.endpoint.baseURL'));
  const setField = useLab((state) => state.setField);
  const giveKey = useLab((state) => state.giveKey);
  // What is written in a controlled field stands in the document too, and goes along when the page is saved.
  const field = useRef<HTMLInputElement>(null);
  /** What was written since the last key was given. */
  const isUnsaid = useRef(false);
  const [said, setSaid] = useState('');
  const [models, setModels] = useState<readonly string[]>([]);
  const id = useId();
  const address = typeof baseURL === 'string' ? baseURL : '';

  const written = (): string => field.current?.value.trim() ?? '';

  async function give(): Promise<void> {
    const key = written();
    isUnsaid.current = false;
    const taken = await giveKey(address, key);
    setSaid(taken ? (key === '' ? 'The key is forgotten.' : 'The key is in use until the page is closed.') : '');
  }

  async function list(): Promise<void> {
    const key = written();
    // A key that the list was asked with is the one that the run needs.
    if (isUnsaid.current) await give();
    setSaid('Asking the server.');
    try {
      const { createEndpoint } = await import('../../executor/endpoint/endpoint.ts');
      const endpoint = createEndpoint({ baseURL: address, model: 'any' }, { key: key === '' ? null : key });
      const found = await endpoint.listModels();
      await endpoint.close();
      setModels(found);
      setSaid(
        found.length === 0
          ? 'The server names no models.'
          : `${found.length} ${found.length === 1 ? 'model' : 'models'}.`,
      );
    } catch (error) {
      const { message, hint } = failureOf(error);
      setSaid(`${message} ${hint}`);
    }
  }

  return (
    <div className="py-0.5">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-soft">
          Key
        </label>
        <span className="flex gap-1">
          <input
            id={id}
            ref={field}
            type="password"
            autoComplete="off"
            className="control w-32"
            onChange={() => {
              isUnsaid.current = true;
            }}
            onBlur={() => {
              // Whoever writes a key and presses Train means it to be used.
              if (isUnsaid.current && address !== '' && written() !== '') void give();
            }}
            onKeyDown={({ key }) => {
              if (key === 'Enter' && address !== '') void give();
            }}
            aria-describedby={`${id}-help`}
          />
          <button type="button" className="button" disabled={address === ''} onClick={() => void give()}>
            Use
          </button>
        </span>
      </div>
      <p id={`${id}-help`} className="text-[0.92em] text-faint">
        Held in memory alone, sent to this address and to nobody else: it is in no setting, no address of the page, no
        export. Give it again after a reload.
      </p>
      <div className="mt-1 flex flex-wrap items-center gap-1">
        <button type="button" className="button" disabled={address === ''} onClick={() => void list()}>
          List its models
        </button>
        {models.length > 0 && (
          <select
            className="control max-w-full"
            aria-label="Models of the server"
            value=""
            onChange={({ target }) => setField('executor.endpoint.model', target.value)}
          >
            <option value="">choose one</option>
            {models.map((model) => (
              <option key={model}>{model}</option>
            ))}
          </select>
        )}
      </div>
      <p role="status" className="text-[0.92em] text-soft">
        {said}
      </p>
    </div>
  );
}

function Prompt({ act }: { readonly act: (typeof PROMPTED_ACTS)[number] }): ReactNode {
  const path = `executor.prompts.${act}`;
  const written = useLab((state) => valueAt(state.draft, path));
  const setField = useLab((state) => state.setField);
  const id = useId();
  const own = typeof written === 'string';
  return (
    <div className="mt-1">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className={own ? 'text-focus' : 'text-soft'}>
          {own && <span aria-hidden="true">• </span>}
          {act}
        </label>
        {own && (
          <button type="button" className="button" onClick={() => setField(path, undefined)}>
            The lab’s own
          </button>
        )}
      </div>
      <textarea
        id={id}
        className="control mt-0.5 w-full text-[0.92em]"
        rows={3}
        value={own ? written : (PROMPTS[act] ?? '')}
        onChange={({ target }) => setField(path, target.value === PROMPTS[act] ? undefined : target.value)}
      />
    </div>
  );
}
