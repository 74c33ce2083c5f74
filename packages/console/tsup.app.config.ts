import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'esbuild'
import { minify } from 'terser'
import type { Options } from 'tsup'
import { zh } from './src/app/words/zh.ts'

const folder = new URL('dist/assets/', import.meta.url)
const messages = Object.keys(zh)

/** Puts the number of a text in the place of each `t('…')` and `m('…')`, so that no language is part of the script. */
const numberMessages: Plugin = {
  name: 'number-messages',
  setup: build => {
    build.onLoad({ filter: /src\/app\/.*\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source.replaceAll(
        /(?<![\w.])([mt])\(\s*'((?:[^'\\]|\\.)*)'/g,
        (_, name: string, text: string) => {
          const number = messages.indexOf(text.replaceAll(/\\(.)/g, '$1'))
          if (number === -1) throw new Error(`${path}: "${text}" is in no list of words`)
          return `${name}(${number}`
        },
      )
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
}

/** What browsers get: one script, one stylesheet and the words, with their content in the name, compressed. */
const application: Options = {
  entry: { console: 'src/app/main.tsx', style: 'src/app/style.css' },
  outDir: 'dist/assets',
  format: ['esm'],
  platform: 'browser',
  target: 'es2024',
  noExternal: [/./],
  splitting: false,
  minify: false,
  clean: true,
  dts: false,
  sourcemap: false,
  esbuildPlugins: [numberMessages],
  esbuildOptions: options => {
    // Shorter than what `react-jsx` compiles to, which is what the types are checked with.
    delete options.tsconfig
    options.tsconfigRaw = { compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } }
    options.inject = ['src/app/jsx.ts']
    options.entryNames = '[name]'
    options.legalComments = 'none'
    // Enough for the stylesheet; the script is minified below, which does better with what it wrote itself.
    options.minifyWhitespace = true
    options.charset = 'utf8'
  },
  onSuccess: async () => {
    // It finds what the bundler does not; calls that are written out where they are made compress worse.
    const compress = { passes: 3, inline: 1 } as const
    const { code = '' } = await minify(take('console.js'), { module: true, ecma: 2020, compress })
    keep('console', 'js', code)
    keep('style', 'css', take('style.css'))
    keep('en', 'json', JSON.stringify(messages))
    keep('zh', 'json', JSON.stringify(Object.values(zh)))
  },
}

/** Takes away what the bundler wrote. */
function take(name: string): string {
  const text = readFileSync(new URL(name, folder), 'utf8')
  rmSync(new URL(name, folder))
  return text
}

/** Writes a file under a name that holds its hash, as it is and compressed. */
function keep(name: string, extension: string, text: string): void {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase()
  const path = new URL(`${name}-${hash}.${extension}`, folder)
  const content = Buffer.from(text)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(path, content)
  writeFileSync(new URL(`${path.href}.br`), brotliCompressSync(content, { params }))
  writeFileSync(new URL(`${path.href}.gz`), gzipSync(content, { level: 9 }))
}

export default application
