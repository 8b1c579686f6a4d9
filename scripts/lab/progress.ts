/** One line of progress on standard error: rewritten in place on a terminal, a line every ten seconds elsewhere. */
const TERMINAL_MS = 100;
const LOG_MS = 10_000;

export interface Progress {
  show(line: string): void;
  /** Leaves the last line standing. */
  end(): void;
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  let shownAt = -Infinity;
  let latest = '';
  const write = (): void => {
    stream.write(stream.isTTY ? `\r\x1b[K${latest}` : `${latest}\n`);
    latest = '';
  };
  return {
    show(line) {
      latest = line;
      const now = performance.now();
      if (now - shownAt < (stream.isTTY ? TERMINAL_MS : LOG_MS)) return;
      shownAt = now;
      write();
    },
    end() {
      if (latest !== '') write();
      if (stream.isTTY) stream.write('\n');
    },
  };
}
