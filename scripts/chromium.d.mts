export declare const WEBGPU_FLAGS: string[];
export declare const SOFTWARE_WEBGPU_FLAGS: string[];
export declare class NoChromium extends Error {
  override name: 'NoChromium';
}
export declare function findChromium(): string | undefined;
export declare function ensureChromium(): string;
