import { describe, expect, test } from 'vitest';
import { parseCommand } from './arguments.ts';
import { BadInput } from './badInput.ts';

const words = (line: string): string[] => line.split(' ');

describe('the arguments of the command line', () => {
  test('name a command, a config and where the record goes', () => {
    expect(parseCommand(words('exact a.json --out b.json'))).toEqual({
      verb: 'exact',
      library: null,
      config: 'a.json',
      out: 'b.json',
      overrides: [],
    });
  });

  test('take overrides in their order, with the device last', () => {
    const line = 'run a.json --set seed=1 --device cpu --out b.json --resume --set suites[0].name=a=b';
    expect(parseCommand(words(line))).toEqual({
      verb: 'run',
      config: 'a.json',
      out: 'b.json',
      overrides: [
        { path: 'seed', value: '1' },
        { path: 'suites[0].name', value: 'a=b' },
        { path: 'device', value: 'cpu' },
      ],
      resume: true,
      on: 'browser',
      library: null,
      checkpoint: null,
    });
  });

  test('may name a folder of skills to begin a run with', () => {
    expect(parseCommand(words('run a.json --out b.json --library skills --on node'))).toEqual({
      verb: 'run',
      config: 'a.json',
      out: 'b.json',
      overrides: [],
      resume: false,
      on: 'node',
      library: 'skills',
      checkpoint: null,
    });
  });

  test('may name the file that the weights of a run go to', () => {
    expect(parseCommand(words('run a.json --out b.json --checkpoint c.safetensors'))).toMatchObject({
      verb: 'run',
      checkpoint: 'c.safetensors',
    });
  });

  test('name a checkpoint and the folder that its export goes to', () => {
    expect(parseCommand(words('export runs/a.safetensors --out deployed'))).toEqual({
      verb: 'export',
      checkpoint: 'runs/a.safetensors',
      out: 'deployed',
    });
  });

  test('name a record and the folder that its skills go to', () => {
    expect(parseCommand(words('skills runs/a.json --out skills'))).toEqual({
      verb: 'skills',
      record: 'runs/a.json',
      out: 'skills',
    });
  });

  test('may ask for help instead', () => {
    expect(parseCommand(['--help'])).toEqual({ verb: 'help' });
  });

  test.each([
    '',
    'train a.json --out b.json',
    'run --out b.json',
    'run a.json',
    'run a.json c.json --out b.json',
    'run a.json --out b.json --set seed',
    'run a.json --out b.json --set =1',
    'run a.json --out b.json --fast',
    'exact a.json --out b.json --resume',
    'experiment a.json --out b --resume',
    'run a.json --out b.json --jobs 2',
    'run a.json --out b.json --only tb',
    'exact a.json --out b.json --suites tree',
    'exact a.json --out b.json --library=',
    'experiment a.json --out b --library c',
    'run a.json --out b.json --library=',
    'run a.json --out b.json --checkpoint=',
    'exact a.json --out b.json --checkpoint c',
    'export --out b',
    'export a.safetensors',
    'export a.safetensors c.safetensors --out b',
    'export a.safetensors --out b --set seed=1',
    'skills --out b',
    'skills a.json',
    'skills a.json c.json --out b',
    'skills a.json --out b --set seed=1',
    'skills a.json --out b --library c',
  ])('are refused where they make no command: "%s"', (line) => {
    expect(() => parseCommand(words(line).filter(Boolean))).toThrow(BadInput);
  });
});
