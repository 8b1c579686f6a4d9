/** What a sentence encoder may run on. */
export const PROVIDERS = ['wasm', 'webgpu'] as const;
export type Provider = (typeof PROVIDERS)[number];
