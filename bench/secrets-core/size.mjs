// Weighs what a bundler makes of packages: minified, brotli, without @st/ttl-cache and Node's own modules.
//   pnpm build && node bench/secrets-core/size.mjs
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { formatTable } from '../ttl-cache/table.mjs'
import { buildOf } from './builds.mjs'

const goalKb = 8
const core = buildOf('secrets-core')
const env = buildOf('provider-env')
const bundles = {
  'secrets-core': [core],
  'secrets-core/provider': [buildOf('secrets-core', 'provider.js')],
  'secrets-core/redactor': [buildOf('secrets-core', 'redactor.js')],
  'provider-env': [env],
  'secrets-core and provider-env': [core, env],
}

const sizes = {}
for (const [name, urls] of Object.entries(bundles)) sizes[name] = await sizesOf(urls)
const rows = Object.entries(sizes).map(([name, { minified, compressed }]) => [name, kb(minified), kb(compressed)])
console.log(formatTable(['bundle of', 'kB minified', 'kB brotli'], rows))
const both = sizes['secrets-core and provider-env'].compressed
console.log(`\nGoal: secrets-core and provider-env at most ${goalKb} kB: ${both <= goalKb * 1000 ? 'met' : 'missed'}.`)

async function sizesOf(urls) {
  const exports = urls.map(url => `export * from ${JSON.stringify(new URL(url).pathname)}`)
  const { outputFiles } = await build({
    stdin: { contents: exports.join('\n'), resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['@st/ttl-cache'],
    write: false,
  })
  const [{ contents }] = outputFiles
  return { minified: contents.length, compressed: brotliCompressSync(contents).length }
}

function kb(bytes) {
  return (bytes / 1000).toFixed(1)
}
