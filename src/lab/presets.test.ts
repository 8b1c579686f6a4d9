import { describe, expect, it } from 'vitest';
import { PRESETS, presetById } from './presets.ts';
import { parseDraft } from './settings/draft.ts';

describe('the presets', () => {
  it.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s can be run, and has a title and a summary',
    (id, preset) => {
      expect(parseDraft(preset.config)).toHaveProperty('resolved');
      expect(preset.title).not.toBe(id);
      expect(preset.summary).toMatch(/\.$/);
    },
  );

  it('are found by the name of their file', () => {
    expect(presetById(PRESETS[1].id)).toBe(PRESETS[1]);
    expect(presetById('none')).toBeUndefined();
  });
});
