/** Models and tokenizers that a person chose, kept in the origin private file system under their names. */
import { EncoderFailed } from '../encoder/encoderFailed.ts';
import { MOST_MODEL_BYTES } from '../encoder/onnxEncoder.ts';

export interface EncoderFile {
  readonly name: string;
  readonly bytes: number;
}

export interface EncoderFiles {
  /** In the order of their names. @throws EncoderFailed where the browser keeps no files */
  list(): Promise<readonly EncoderFile[]>;
  /** Keeps a file under its name; one of that name is replaced. @throws EncoderFailed */
  keep(file: File): Promise<EncoderFile>;
  /** @param what what the file is to be @throws EncoderFailed where there is none of that name */
  read(name: string, what: string): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws EncoderFailed where the browser keeps no files */
  remove(name: string): Promise<void>;
}

const named = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** @param folder under the origin's root; tests use their own */
export function encoderFiles(folder = 'encoders'): EncoderFiles {
  async function root(): Promise<FileSystemDirectoryHandle> {
    const storage: StorageManager | undefined = globalThis.navigator?.storage;
    if (typeof storage?.getDirectory !== 'function') {
      throw noFiles(
        'This browser keeps no files for this page: it has no private file system, or the page is not secure.',
      );
    }
    try {
      return await (await storage.getDirectory()).getDirectoryHandle(folder, { create: true });
    } catch (error) {
      throw noFiles(`The browser's storage for this page does not open: ${saidBy(error)}`);
    }
  }

  return {
    async list() {
      const files: EncoderFile[] = [];
      for await (const handle of (await root()).values()) {
        if (handle instanceof FileSystemFileHandle) {
          files.push({ name: handle.name, bytes: (await handle.getFile()).size });
        }
      }
      return files.sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async keep(file) {
      if (file.size > MOST_MODEL_BYTES) {
        throw new EncoderFailed(
          'too-large',
          `"${file.name}" has ${Math.ceil(file.size / 2 ** 20)} MB; up to ${MOST_MODEL_BYTES / 2 ** 20} MB are read.`,
          'Take a smaller one, e.g. a quantised model.',
        );
      }
      const folderHandle = await root();
      try {
        const handle = await folderHandle.getFileHandle(file.name, { create: true });
        // What is written shows when it is closed: a write that fails leaves what was there.
        const writable = await handle.createWritable();
        try {
          await writable.write(file);
          await writable.close();
        } catch (error) {
          await writable.abort().catch(() => {});
          if ((await handle.getFile()).size === 0) await folderHandle.removeEntry(file.name);
          throw error;
        }
      } catch (error) {
        const full = named(error, 'QuotaExceededError');
        throw noFiles(
          full
            ? `"${file.name}" finds no room: the browser's storage for this page is full.`
            : `"${file.name}" could not be kept: ${saidBy(error)}`,
        );
      }
      return { name: file.name, bytes: file.size };
    },

    async read(name, what) {
      try {
        const handle = await (await root()).getFileHandle(name);
        return new Uint8Array(await (await handle.getFile()).arrayBuffer());
      } catch (error) {
        if (error instanceof EncoderFailed) throw error;
        if (named(error, 'NotFoundError') || error instanceof TypeError) {
          throw new EncoderFailed(
            'no-file',
            `This browser keeps no file "${name}", which the settings name as the ${what} of the encoder.`,
            'Choose the file in the settings (Text encoder), or give its address.',
          );
        }
        if (named(error, 'NotReadableError')) {
          throw new EncoderFailed(
            'out-of-memory',
            `"${name}" cannot be read: ${saidBy(error)}`,
            'Take a smaller model.',
          );
        }
        throw noFiles(`"${name}" cannot be read: ${saidBy(error)}`);
      }
    },

    async remove(name) {
      const folderHandle = await root();
      try {
        await folderHandle.removeEntry(name);
      } catch (error) {
        if (!named(error, 'NotFoundError')) throw noFiles(`"${name}" could not be removed: ${saidBy(error)}`);
      }
    },
  };
}

function saidBy(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function noFiles(what: string): EncoderFailed {
  return new EncoderFailed(
    'no-file',
    what,
    'Give the address of the file instead; or open the page over https or from localhost, and free some storage.',
  );
}
