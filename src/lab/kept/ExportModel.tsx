/** The network of the run in play as models of ONNX: exports, lets them be compared with the lab, and gives the files. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { ExportedFile, RunExport } from '../../training/exportRun.ts';
import { useLab } from '../context.ts';
import { saveFile } from '../experiments/saveFiles.ts';
import { checkInWords } from './exportWords.ts';

export function ExportModel(): ReactNode {
  const run = useLab((state) => (state.run?.source === 'session' && state.phase !== 'closed' ? state.run : null));
  const compiling = useLab((state) => state.phase === 'compiling' || state.phase === 'recovering');
  const exportOnnx = useLab((state) => state.exportOnnx);
  const [working, setWorking] = useState(false);
  const [exported, setExported] = useState<RunExport | null>(null);
  if (run === null) return null;

  async function start(): Promise<void> {
    setWorking(true);
    setExported(await exportOnnx());
    setWorking(false);
  }

  return (
    <div className="mt-1 flex flex-wrap items-center gap-2">
      <span className="min-w-0 flex-1 truncate text-soft" title={run.name}>
        In play: {run.name}
      </span>
      <button
        type="button"
        className="button"
        disabled={working || compiling}
        title="Write the network as it is now as models of ONNX, run them, and compare them with the lab"
        onClick={() => void start()}
      >
        Export as ONNX
      </button>
      <p role="status" className="w-full text-soft empty:hidden">
        {working && 'Running the export in onnxruntime and comparing it with the lab. Training waits.'}
      </p>
      {exported !== null && <FilesDialog exported={exported} onClose={() => setExported(null)} />}
    </div>
  );
}

interface FilesDialogProps {
  readonly exported: RunExport;
  readonly onClose: () => void;
}

function FilesDialog({ exported: { files, check }, onClose }: FilesDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={title}
      className="m-auto max-w-lg rounded-[10px] border border-edge bg-panel p-4 text-ink backdrop:bg-black/40"
      onClose={onClose}
    >
      <form method="dialog">
        <h2 id={title} className="font-semibold">
          Verified export
        </h2>
        <p className="mt-1">{checkInWords(check)}</p>
        <ul className="mt-2 grid gap-1">
          {files.map((file) => (
            <li key={file.name} className="flex items-center gap-2">
              <button type="button" className="button" onClick={() => save(file)}>
                Save {file.name}
              </button>
              <span className="text-soft">{Math.ceil(file.bytes.length / 1024).toLocaleString('en')} KB</span>
            </li>
          ))}
          <li className="flex items-center gap-2">
            <a className="button" href="./supervisor.js" download="supervisor.js">
              Save supervisor.js
            </a>
            <span className="text-soft">turns texts into what the models read</span>
          </li>
        </ul>
        <p className="mt-2 text-soft">
          How to load and use them is in docs/deploy.md: twenty lines with onnxruntime-web.
        </p>
        <div className="mt-3 flex justify-end">
          <button type="submit" className="button">
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}

function save({ name, type, bytes }: ExportedFile): void {
  saveFile(name, bytes.buffer, type);
}
