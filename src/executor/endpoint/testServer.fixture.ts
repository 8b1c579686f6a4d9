/**
 * An OpenAI-compatible server for tests: node:http on the loopback interface, with faults by order. It answers every
 * question deterministically and counts what it was asked and what it would bill. Only test files import this.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { avalanche, fnv1a } from '../../encoder/hash.ts';

export type Fault =
  /** An answer as it should be. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Takes the request and says nothing. */
  | { readonly kind: 'hang' }
  /** Cuts the connection: before the headers, in the middle of them, of the body, or after the last word of a stream. */
  | { readonly kind: 'cut'; readonly at: 'start' | 'headers' | 'body' | 'end' }
  | { readonly kind: 'malformed'; readonly how: 'not-json' | 'not-an-answer' }
  /** A byte at a time. */
  | { readonly kind: 'drip' }
  | { readonly kind: 'other-type' }
  | { readonly kind: 'no-usage' }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'huge' }
  /** An error in the middle of a stream; a 500 where the answer is in one piece. */
  | { readonly kind: 'error-inside' }
  | { readonly kind: 'finish'; readonly reason: string }
  /** Puts the key into what it says. */
  | { readonly kind: 'echo-key'; readonly where: 'answer' | 'error' };

const bodySchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  temperature: z.literal(0),
  seed: z.int(),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  stream: z.boolean().optional(),
  stream_options: z.object({ include_usage: z.literal(true) }).optional(),
  response_format: z
    .object({ type: z.literal('json_schema'), json_schema: z.object({ name: z.string(), schema: z.unknown() }) })
    .optional(),
});
type Body = z.output<typeof bodySchema>;

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  readonly fault: Fault['kind'];
}

export interface TestServer {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseURL: string;
  readonly seen: readonly Seen[];
  /** Requests for an answer. */
  readonly calls: number;
  /** Tokens of all answers that it began to make, whether or not they arrived. */
  readonly billed: number;
  /** The most requests that were open at once. */
  readonly mostOpen: number;
  /** Called at every request for an answer, when it is counted. */
  onCall: () => void;
  close(): Promise<void>;
}

export const CONTEXT_TOKENS = 4096;
const WORDS = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heath',
  'inlet',
  'juniper',
  'kelp',
  'lagoon',
];

/** Tokens are up to four characters, with the space before them. They put together give the text. */
export const tokensOf = (text: string): readonly string[] => text.match(/\s?[^\s]{1,4}|\s/gu) ?? [];

export const promptTokensOf = (messages: readonly { readonly content: string }[]): number =>
  messages.reduce((sum, { content }) => sum + 3 + tokensOf(content).length, 3);

/** The answer to a question, before it is cut. */
export function answerTo(messages: readonly { readonly content: string }[], seed: number): string {
  const question = messages.at(-1)?.content ?? '';
  const hash = fnv1a(JSON.stringify([messages.map(({ content }) => content), seed]));
  const words = Array.from({ length: 4 + (hash % 5) }, (_, index) => WORDS[avalanche(hash + index) % WORDS.length]);
  return `${words.join(' ')}: ${[...question].slice(0, 24).join('')}`;
}

const NONE: Fault = { kind: 'none' };

/**
 * @param faultOf what happens to the nth request for an answer, from 0
 * @param cors the origin that may ask from a page; null: none
 */
export async function startTestServer(
  faultOf: (call: number, body: unknown) => Fault = () => NONE,
  cors: string | null = null,
): Promise<TestServer> {
  const seen: Seen[] = [];
  let calls = 0;
  let billed = 0;
  let open = 0;
  let mostOpen = 0;

  const json = (response: ServerResponse, status: number, value: unknown, headers = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

  const answer = (body: Body, fault: Fault, request: IncomingMessage, response: ServerResponse): void => {
    const { messages, seed } = body;
    const maxTokens = body.max_tokens ?? body.max_completion_tokens ?? 16;
    const promptTokens = promptTokensOf(messages);
    if (promptTokens + maxTokens > CONTEXT_TOKENS) {
      json(response, 400, {
        error: { message: `This model's maximum context length is ${CONTEXT_TOKENS} tokens.`, code: 400 },
      });
      return;
    }
    const key = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const full =
      fault.kind === 'echo-key'
        ? `the key is ${key}, is it not`
        : body.response_format === undefined
          ? answerTo(messages, seed)
          : JSON.stringify({ answer: WORDS[fnv1a(JSON.stringify(messages)) % WORDS.length] });
    const tokens = tokensOf(full).slice(0, maxTokens);
    const finish = fault.kind === 'finish' ? fault.reason : tokens.length < tokensOf(full).length ? 'length' : 'stop';
    billed += promptTokens + tokens.length;
    const usage =
      fault.kind === 'no-usage'
        ? undefined
        : {
            prompt_tokens: promptTokens,
            completion_tokens: tokens.length,
            total_tokens: promptTokens + tokens.length,
          };
    const about = { id: 'chatcmpl-1', created: 0, model: body.model };
    const pieces: string[] = [];
    if (body.stream === true) {
      const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
      const piece = (delta: unknown, finish_reason: string | null): string =>
        event({ ...about, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
      pieces.push(piece({ role: 'assistant', content: '' }, null));
      pieces.push(...tokens.map((content) => piece({ content }, null)));
      if (fault.kind === 'error-inside') pieces.splice(2, pieces.length, event({ error: { message: 'out of luck' } }));
      if (fault.kind === 'malformed') {
        pieces.splice(2, 0, fault.how === 'not-json' ? 'data: {"choices": [\n\n' : event({ choices: 'none' }));
      }
      pieces.push(': a comment, as servers send to keep a connection\n\n');
      pieces.push(piece({}, finish));
      if (usage !== undefined && fault.kind !== 'cut') {
        pieces.push(event({ ...about, object: 'chat.completion.chunk', choices: [], usage }));
      }
      if (fault.kind !== 'cut') pieces.push('data: [DONE]\n\n');
    } else {
      const message = { role: 'assistant', content: tokens.join('') };
      const whole = {
        ...about,
        object: 'chat.completion',
        choices: [{ index: 0, message, finish_reason: finish }],
        usage,
      };
      const text = JSON.stringify(whole);
      if (fault.kind === 'malformed') pieces.push(fault.how === 'not-json' ? text.slice(0, -9) : '{"choices": []}');
      else pieces.push(text);
    }
    const type = body.stream === true ? 'text/event-stream; charset=utf-8' : 'application/json; charset=utf-8';
    if (fault.kind === 'cut' && fault.at === 'headers') {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-type: te');
      return;
    }
    response.writeHead(200, { 'content-type': fault.kind === 'other-type' ? 'text/html' : type });
    if (fault.kind === 'drip') {
      const bytes = Buffer.from(pieces.join(''));
      let at = 0;
      const next = (): void => {
        if (response.destroyed) return;
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, ++at), () => setImmediate(next));
      };
      next();
      return;
    }
    if (fault.kind === 'huge') {
      const filler = `: ${'x'.repeat(2 ** 16)}\n`;
      const more = (): void => {
        while (!response.destroyed && response.write(filler));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
      return;
    }
    if (fault.kind === 'cut') {
      const text = pieces.join('');
      // A stream that is cut at its end has said its last word; an answer in one piece lacks its last bytes.
      const sent =
        fault.at === 'body' ? text.slice(0, text.length / 2) : body.stream === true ? text : text.slice(0, -1);
      response.write(sent, () => setTimeout(() => response.destroy(), 1));
      return;
    }
    // Each piece by itself, as a server does that streams.
    for (const part of pieces) response.write(part);
    response.end();
  };

  const onBody = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const url = new URL(request.url ?? '/', 'http://test');
    let body: unknown = null;
    try {
      body = text === '' ? null : JSON.parse(text);
    } catch {
      // Seen as null.
    }
    const isCall = url.pathname === '/v1/chat/completions' && request.method === 'POST';
    const fault = isCall ? faultOf(calls, body) : NONE;
    seen.push({
      method: request.method ?? '',
      path: `${url.pathname}${url.search}`,
      headers: request.headers,
      body,
      fault: fault.kind,
    });
    if (cors !== null) {
      response.setHeader('access-control-allow-origin', cors);
      response.setHeader('access-control-allow-headers', 'authorization, content-type');
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(cors === null ? 403 : 204).end();
    } else if (url.pathname === '/v1/models') {
      json(response, 200, { object: 'list', data: [{ id: 'test-model', object: 'model' }, { id: 'other-model' }] });
    } else if (!isCall) {
      json(response, 404, { error: { message: `There is nothing at ${url.pathname}` } });
    } else {
      calls++;
      open++;
      mostOpen = Math.max(mostOpen, open);
      response.once('close', () => open--);
      const parsed = bodySchema.safeParse(body);
      if (!parsed.success) json(response, 422, { error: { message: parsed.error.message } });
      else if (fault.kind === 'status') {
        response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
        response.end(fault.body ?? JSON.stringify({ error: { message: `status ${fault.status}` } }));
      } else if (fault.kind === 'cut' && fault.at === 'start') response.socket?.destroy();
      else if (fault.kind === 'redirect') response.writeHead(307, { location: fault.to }).end();
      else if (fault.kind === 'echo-key' && fault.where === 'error') {
        json(response, 401, { error: { message: `Wrong key: ${request.headers.authorization}` } });
      } else if (fault.kind === 'error-inside' && parsed.data.stream !== true) {
        json(response, 500, { error: { message: 'out of luck' } });
      } else if (fault.kind !== 'hang') answer(parsed.data, fault, request, response);
      else billed += promptTokensOf(parsed.data.messages) + (parsed.data.max_tokens ?? 0);
      server.onCall();
    }
  };

  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => onBody(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const server: TestServer = {
    baseURL: `http://127.0.0.1:${port}/v1`,
    seen,
    get calls() {
      return calls;
    },
    get billed() {
      return billed;
    },
    get mostOpen() {
      return mostOpen;
    },
    onCall: () => {},
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}
