import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'

/** Third-party packages that ours may depend on; those that are not named here install nothing but the workspace's. */
const thirdParty: Readonly<Record<string, readonly string[]>> = {
  '@st/provider-aws': ['@aws-sdk/client-secrets-manager'],
  '@st/provider-file': ['yaml'],
  '@st/provider-vault': ['node-vault'],
  '@st/secrets-cli': ['@clack/prompts', '@stricli/core'],
}

const shipped = /^(?:dist\/[\w-]+\.(?:js|js\.map|d\.ts)|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/
/** What the pages of packages consist of: files with their content in the name, as they are and compressed. */
const assets: Readonly<Record<string, RegExp>> = {
  '@st/console': /^dist\/assets\/(?:console|style|en|zh)-[0-9A-Z]{8}\.(?:js|css|json)(?:\.br|\.gz)?$/,
}
const required = ['LICENSE', 'README.md', 'package.json']

/** The tarball holds what is built, nothing of the workspace's own, and brings along only what it may. */
export function installedFiles(project: ConsumerProject): readonly string[] {
  const folder = join(project.root, 'node_modules', project.subject)
  const files = listFiles(folder)
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8')
  return [
    ...[...required, ...builtFiles(manifest)]
      .filter(file => !files.includes(file))
      .map(file => `${file} is not in the tarball`),
    ...files
      .filter(file => !shipped.test(file) && assets[project.subject]?.test(file) !== true)
      .map(file => `${file} must not be in the tarball`),
    ...manifestFaults(manifest),
    ...companyFaults(project),
  ]
}

/** The entry of a library with its types, or the commands of a program. */
function builtFiles(text: string): readonly string[] {
  // npm wrote it: commands and their paths.
  const { bin } = JSON.parse(text) as { bin?: Record<string, string> }
  if (bin === undefined) return ['dist/index.d.ts', 'dist/index.js']
  return Object.values(bin).map(path => path.replace(/^\.\//, ''))
}

function manifestFaults(manifest: string): readonly string[] {
  return ['@st/source', 'workspace:', 'catalog:']
    .filter(trace => manifest.includes(trace))
    .map(trace => `the published package.json still holds ${trace}`)
}

function companyFaults({ root, subject, siblings }: ConsumerProject): readonly string[] {
  const allowed = thirdParty[subject] ?? []
  // npm wrote it: names and ranges.
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(root, 'node_modules', subject, 'package.json'), 'utf8'),
  ) as { dependencies?: Record<string, string> }
  const installed = installedNames(join(root, 'node_modules'))
  const expected = [subject, ...siblings]
  return [
    ...Object.keys(dependencies)
      .filter(name => !siblings.includes(name) && !allowed.includes(name))
      .map(name => `depends on ${name}`),
    ...installed
      .filter(name => (name.startsWith('@st/') || allowed.length === 0) && !expected.includes(name))
      .map(name => `brings ${name} along`),
    ...[...expected, ...allowed].filter(name => !installed.includes(name)).map(name => `does not bring ${name} along`),
  ]
}

function installedNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter(name => !name.startsWith('.'))
    .flatMap(name => (name.startsWith('@') ? readdirSync(join(folder, name)).map(inner => `${name}/${inner}`) : [name]))
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
