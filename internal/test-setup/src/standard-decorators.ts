import { transform } from 'esbuild'
import type { Plugin } from 'vite'

/** Lowers standard decorators, which neither Vite 8 nor any supported Node runs (vitejs/vite#22353). */
export function standardDecorators(): Plugin {
  return {
    name: 'standard-decorators',
    enforce: 'pre',
    async transform(code, id) {
      const file = id.split('?')[0] ?? id
      if (!file.endsWith('.ts') || file.includes('/node_modules/') || !/^\s*@[A-Za-z]/m.test(code)) return null
      const lowered = await transform(code, { loader: 'ts', target: 'node22', sourcefile: file, sourcemap: true })
      return { code: lowered.code, map: lowered.map }
    },
  }
}
