import type { Options } from 'tsup'

/** Build settings shared by every published package: one ES module per entry, with its types. */
export function library(entry: Readonly<Record<string, string>>): Options {
  return {
    entry: { ...entry },
    format: ['esm'],
    platform: 'node',
    // Named so that standard decorators are lowered; no supported Node runs them.
    target: 'node22.18',
    dts: {
      // tsup drops the directive; without it consumers that lack @types/node have no `Disposable`.
      banner: '/// <reference lib="esnext.disposable" />\n',
      compilerOptions: { composite: false, incremental: false, tsBuildInfoFile: null },
    },
    sourcemap: true,
    clean: true,
  }
}
