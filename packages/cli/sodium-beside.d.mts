import type { Plugin } from 'esbuild';

/** The plugin of esbuild that puts libsodium's WebAssembly beside the program; `folder` is where the chunks lie. */
export function sodiumBeside(folder: string): Plugin;
