// Weighs what a bundler makes of packages: minified, brotli, without other packages and Node's own modules. What comes with
// importing them and serves every read is told apart from what a first use of the rest loads.
//   pnpm build && node bench/secrets-core/size.mjs
import { basename } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { formatTable } from '../ttl-cache/table.mjs'
import { buildOf } from './builds.mjs'

const core = buildOf('secrets-core')
const env = buildOf('provider-env')
const bundles = {
  'secrets-core': [core],
  'secrets-core/provider': [buildOf('secrets-core', 'provider.js')],
  'secrets-core/redactor': [buildOf('secrets-core', 'redactor.js')],
  'provider-env': [env],
  'secrets-core and provider-env': [core, env],
  'provider-aws': [buildOf('provider-aws')],
  'provider-vault': [buildOf('provider-vault')],
}

const sizes = {}
for (const [name, urls] of Object.entries(bundles)) sizes[name] = await sizesOf(urls)
const rows = Object.entries(sizes).map(([name, { loaded, all }]) => [
  name,
  kb(loaded.minified),
  kb(loaded.compressed),
  kb(all.compressed),
])
console.log(formatTable(['bundle of', 'kB minified, loaded', 'kB brotli, loaded', 'kB brotli, all'], rows))
const goals = { 'secrets-core and provider-env': 8, 'provider-aws': 6, 'provider-vault': 6 }
const met = Object.entries(goals).map(([name, goalKb]) => {
  const { compressed } = sizes[name].loaded
  return [name, `at most ${goalKb} kB`, compressed <= goalKb * 1000 ? 'met' : 'missed']
})
console.log(`\n${formatTable(['loaded', 'goal', ''], met)}`)

/** Sums over the files that a bundler with code splitting writes: those that the first needs at once, and all. */
async function sizesOf(urls) {
  const exports = urls.map(url => `export * from ${JSON.stringify(new URL(url).pathname)}`)
  const { outputFiles, metafile } = await build({
    stdin: { contents: exports.join('\n'), resolveDir: import.meta.dirname },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['@st/*', '@aws-sdk/*', 'node-vault'],
    outdir: import.meta.dirname,
    metafile: true,
    write: false,
  })
  const files = Object.keys(metafile.outputs)
  const contents = new Map(outputFiles.map(file => [basename(file.path), file.contents]))
  const entry = files.find(file => metafile.outputs[file].entryPoint === '<stdin>')
  return { loaded: sizeOf(neededBy(entry, metafile)), all: sizeOf(files) }

  function sizeOf(names) {
    const parts = names.map(name => contents.get(basename(name)))
    return { minified: sum(parts.map(part => part.length)), compressed: sum(parts.map(compressedLength)) }
  }
}

/** A file and what it imports, one through the other. */
function neededBy(file, { outputs }) {
  const needed = new Set([file])
  for (const name of needed) {
    for (const { path, kind } of outputs[name].imports) {
      if (kind === 'import-statement' && path in outputs) needed.add(path)
    }
  }
  return [...needed]
}

function compressedLength(bytes) {
  return brotliCompressSync(bytes).length
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

function kb(bytes) {
  return (bytes / 1000).toFixed(1)
}
