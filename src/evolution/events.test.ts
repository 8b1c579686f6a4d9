import { describe, expect, test } from 'vitest';
import { skillOf } from '../skills/arbitrarySkill.fixture.ts';
import type { EvolutionEvent } from './events.ts';
import { EVENT_KINDS, eventSchema } from './events.ts';
import { pairedGate } from './gate.ts';
import { CONTROLS } from './settings.ts';
import { diagnosticsOf, estimate, settingsOf } from './walk.fixture.ts';
import { whenEvidence } from './when.ts';

const { when, gate } = settingsOf();
const skill = skillOf('carry', 2, ['take {a}', 'put {a}'], {
  allows: ['take'],
  statistics: { step: 30, visits: 4, flowShare: 0.5, G: estimate(-1, 0, 1), J: null, lambda: null, g: null },
});

const full: EvolutionEvent = {
  step: 40,
  kind: 'reject',
  proposed: 'refine',
  by: 'flow',
  skill,
  removed: [skill],
  added: [{ ...skill, version: 2 }],
  evidence: {
    reason: 'It pays.',
    when: whenEvidence([3, 2, 2], 0.5, when),
    cluster: { suite: 'made', situation: 'go', triggers: 2, steps: 9, mean: -1, variance: 2, score: 11 },
    diagnostics: diagnosticsOf(2, { bySituation: [{ situation: 'go', visits: 4, g: estimate(0, 1, 2) }] }),
    sameness: 0.95,
  },
  gate: pairedGate([[0.1, 0.2]], [[0.5, 0.9]], gate),
  attainable: { before: 0.5, after: 0.75 },
};
const bare: EvolutionEvent = {
  ...full,
  kind: 'manual',
  proposed: 'manual',
  by: 'person',
  removed: [],
  added: [],
  evidence: { reason: '', when: null, cluster: null, diagnostics: null, sameness: null },
  gate: null,
};

const reread = (event: unknown): unknown => eventSchema.parse(JSON.parse(JSON.stringify(event)));

describe('an event', () => {
  test('comes back from a file as it was, with all its evidence and with none', () => {
    expect(reread(full)).toEqual(full);
    expect(reread(bare)).toEqual(bare);
  });

  test('is of any kind, and by any control or a person', () => {
    for (const kind of EVENT_KINDS) expect(reread({ ...bare, kind, proposed: kind })).toMatchObject({ kind });
    for (const by of [...CONTROLS, 'person']) expect(reread({ ...bare, by })).toMatchObject({ by });
  });

  test('is refused where a field is missing, unknown or of another kind, wherever it stands', () => {
    const refused = (event: unknown): boolean => !eventSchema.safeParse(JSON.parse(JSON.stringify(event))).success;
    expect(refused(full)).toBe(false);
    for (const field of Object.keys(full)) {
      expect(refused({ ...full, [field]: undefined }), field).toBe(true);
      expect(refused({ ...full, [field]: 'x' }), field).toBe(true);
    }
    for (const field of Object.keys(full.evidence)) {
      expect(refused({ ...full, evidence: { ...full.evidence, [field]: undefined } }), field).toBe(true);
      expect(refused({ ...full, evidence: { ...full.evidence, [field]: [] } }), field).toBe(true);
    }
    expect(refused({ ...full, extra: 1 })).toBe(true);
    expect(refused({ ...full, step: -1 })).toBe(true);
    expect(refused({ ...full, gate: { ...full.gate, verdict: 'wins' } })).toBe(true);
    // What is no number is written as null.
    expect(refused({ ...full, gate: { ...full.gate, gain: Number.NaN } })).toBe(true);
    expect(refused({ ...full, added: [{ ...skill, plan: [] }] })).toBe(true);
  });
});
