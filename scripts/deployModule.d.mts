export const DEPLOY_MODULE: string;
export function deployModule(): Promise<string>;
