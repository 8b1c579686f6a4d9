/**
 * Why `fetch` brought nothing. A browser tells a page only "Failed to fetch", whatever the cause; this finds out as much as
 * it lets be found out, and says what to do.
 */
import { ModelFailure } from '../modelFailure.ts';

/** What is known of the page that asks. */
export interface Page {
  /** e.g. `https://lab.example` */
  readonly origin: string;
  readonly online: boolean;
}

/** The page, or the page of this worker; null outside of a browser. */
export function pageHere(): Page | null {
  if (!('location' in globalThis) || globalThis.origin === undefined) return null;
  return { origin: globalThis.origin, online: globalThis.navigator.onLine };
}

/** Hosts of this machine, which a page over https may ask over http (Secure Contexts, "potentially trustworthy"). */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
}

/** Known before anything is sent: a page over https may not ask over http, this machine excepted. */
export function mixedContent(base: URL, page: Page | null): ModelFailure | null {
  if (page === null || !page.origin.startsWith('https:')) return null;
  if (base.protocol !== 'http:' || isThisMachine(base.hostname)) return null;
  return new ModelFailure(
    'mixed-content',
    `This page came over https, and the browser does not let it ask ${base.origin} over http.`,
    'Put the server behind https (a reverse proxy with a certificate), or open the lab over http or from this machine: `npm start` or `npm run preview`.',
  );
}

/** How servers are told to answer a page of another origin. Sources in docs/scaling.md. */
function corsAdvice(origin: string): string {
  return [
    `Let the origin ${origin} ask it.`,
    `vLLM: --allowed-origins '["${origin}"]'.`,
    `llama.cpp: --cors-origins ${origin}.`,
    `Ollama: set OLLAMA_ORIGINS=${origin} and start it again.`,
    'LM Studio: lms server start --cors.',
    'SGLang and Ray Serve answer every origin by themselves: look at the proxy in front.',
    `A proxy: Access-Control-Allow-Origin: ${origin} and Access-Control-Allow-Headers: authorization, content-type, on errors and on OPTIONS too.`,
  ].join(' ');
}

/** Codes of Node with which a connection was never made, so no request was sent. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The code that Node gives a failed connection, from the error or what caused it. */
export function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
}

export interface NoAnswer {
  readonly failure: ModelFailure;
  /** Whether another try may bring one. */
  readonly passing: boolean;
  /** Whether it is certain that the server never had the request. */
  readonly neverSent: boolean;
}

/**
 * @param error what `fetch` threw
 * @param answeredBefore whether this server has answered this page before: then it allows the page's origin
 * @param probe asks the server without reading: resolves where there is one
 */
export async function explainNoAnswer(
  error: unknown,
  base: URL,
  page: Page | null,
  answeredBefore: boolean,
  probe: () => Promise<unknown>,
): Promise<NoAnswer> {
  const code = codeOf(error);
  const why = code === null ? '' : ` (${code})`;
  if (page === null) {
    return {
      failure: new ModelFailure(
        'unreachable',
        `${base.origin} gave no answer${why}.`,
        'Look whether the server runs, at this address and port, and whether this machine may reach it.',
      ),
      passing: true,
      neverSent: code !== null && NEVER_CONNECTED.has(code),
    };
  }
  if (!page.online) {
    return {
      failure: new ModelFailure(
        'unreachable',
        `This machine is offline, so ${base.origin} was not reached.`,
        'Connect it.',
      ),
      passing: true,
      neverSent: true,
    };
  }
  const isThere = await probe().then(
    () => true,
    () => false,
  );
  if (isThere && !answeredBefore) {
    return {
      failure: new ModelFailure(
        'blocked-by-cors',
        `${base.origin} is there, but the browser keeps its answer from this page, because it does not name the page's origin (CORS).`,
        corsAdvice(page.origin),
      ),
      passing: false,
      // What carries JSON is asked for beforehand (a preflight), so what is not allowed is not sent.
      neverSent: true,
    };
  }
  return {
    failure: isThere
      ? new ModelFailure(
          'server-error',
          `${base.origin} broke off, or sent an error that the browser keeps from this page.`,
          'See the log of the server.',
        )
      : new ModelFailure(
          'unreachable',
          `${base.origin} was not reached.`,
          'Look whether the server runs, at this address and port, and whether its certificate is valid. Where the browser asks for access to the local network, allow it.',
        ),
    passing: true,
    neverSent: false,
  };
}
