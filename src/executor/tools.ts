/** What carries out acts without a model: arithmetic, and code in the sandbox. Both are loaded when first used. */
import type { Sandbox } from '../graders/sandbox/sandbox.ts';
import type { SandboxHost } from '../graders/sandbox/threadProtocol.ts';
import type { Tool, Tools } from './executor.ts';

const evaluate: Tool = {
  name: 'evaluate 1',
  async run({ inputs: [expression = ''] }) {
    const { calculate } = await import('../graders/calculate.ts');
    // What follows a "=" is what the model thinks it comes to.
    const [asked] = expression.trim().split('\n', 1)[0].split('=');
    const result = await calculate(asked);
    return result.ok ? `${asked.trim()} = ${result.text}` : `${asked.trim()}: ${result.message}`;
  },
};

/** @param host where the sandbox's thread runs; a worker of the page if left out */
function runCode(host?: SandboxHost): Tool {
  let sandbox: Promise<Sandbox> | null = null;
  return {
    name: 'run-code 1',
    async run({ inputs: [code = ''] }) {
      sandbox ??= import('../graders/sandbox/sandbox.ts').then(({ createSandbox }) => createSandbox(host));
      const running = await sandbox.catch((error: unknown) => {
        // What was not loaded now may be the next time.
        sandbox = null;
        throw error;
      });
      const result = await running.run(code);
      const printed = result.printed.trim();
      if (result.kind !== 'value') return [printed, `failed: ${result.message}`].filter(Boolean).join('\n');
      return printed || result.value || 'it printed nothing';
    },
  };
}

/** The tools of every live executor, by the acts that they carry out. */
export function toolsOf(host?: SandboxHost): Tools {
  return { evaluate, 'run-code': runCode(host) };
}
