/**
 * What the lab needs of the session: one request, one answer, and notices. The page passes a
 * SessionClient; tests pass a fake.
 */
import type { Answers, Notice, Request } from '../../session/protocol.ts';

export interface Session {
  /** Resolves with the answer; rejects with an Error that carries `name`, `message` and `hint`. */
  request<R extends Request>(request: R): Promise<Answers[R['type']]>;
  /** Calls `listener` for every notice until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void;
  terminate(): void;
}
