import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import type { WorkspacePackage } from './workspace-package.ts'

/** An empty project outside the workspace, with one package installed as npm would install it from the registry. */
export interface ConsumerProject {
  /** Absolute path. */
  readonly root: string
  /** The package that is checked: `@st/ttl-cache`. */
  readonly subject: string
  /** The packages of this workspace that it brings along. */
  readonly siblings: readonly string[]
  /** Node that runs the project's programs. */
  readonly node: string
}

/** An empty folder for a consumer project; the caller removes it. */
export function createProjectFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'st-pack-check-')))
}

/** Packs a package and what it needs of this workspace, and installs its tarball alone. */
export async function installAlone(
  root: string,
  subject: WorkspacePackage,
  siblings: readonly WorkspacePackage[],
): Promise<void> {
  const tarballs = await packAll(root, [subject, ...siblings])
  // Until they are published, the siblings are in no registry.
  const { [subject.name]: own = '', ...overrides } = tarballs
  await install(root, { dependencies: { [subject.name]: own }, overrides })
}

/** Packs packages and installs their tarballs beside each other. */
export async function installTogether(root: string, packages: readonly WorkspacePackage[]): Promise<void> {
  const tarballs = await packAll(root, packages)
  await install(root, { dependencies: tarballs, overrides: tarballs })
}

/** Tarballs by the names of their packages. */
async function packAll(root: string, packages: readonly WorkspacePackage[]): Promise<Readonly<Record<string, string>>> {
  const folder = join(root, 'tarballs')
  mkdirSync(folder)
  const packed = await Promise.all(packages.map(async item => [item.name, await packInto(folder, item)] as const))
  return Object.fromEntries(packed)
}

async function install(root: string, manifest: object): Promise<void> {
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', ...manifest }),
  )
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock']
  const installed = await runCommand('npm', ['install', ...quiet], { cwd: root })
  if (installed.code !== 0) throw new Error(`npm install of the packed packages failed:\n${installed.output}`)
}

async function packInto(folder: string, { name, folder: cwd }: WorkspacePackage): Promise<string> {
  const packed = await runCommand('pnpm', ['pack', '--pack-destination', folder, '--json'], { cwd })
  if (packed.code !== 0) throw new Error(`pnpm pack of ${name} failed:\n${packed.output}`)
  // pnpm prints one object, with the absolute path.
  const { filename } = JSON.parse(packed.stdout) as { filename: string }
  return `file:${filename}`
}
