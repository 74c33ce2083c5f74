import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isProgram, type Repository } from './repository.ts'

const ofTheRoot = [
  '.changeset/config.json',
  '.github/workflows/ci.yml',
  '.github/workflows/release.yml',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'knip.json',
  'pnpm-lock.yaml',
]

const ofEachPackage = ['.size-limit.json', 'README.md', 'tsconfig.json', 'tsup.config.ts']
const ofEachLibrary = [...ofEachPackage, 'api-extractor.json', 'api-report.api.md', 'src/index.ts']
const ofEachProgram = [...ofEachPackage, 'src/bin.ts']

/** The root and every package have the files that people and tools look for. */
export function requiredFiles({ root, packages }: Repository): readonly string[] {
  const ofPackages = packages.flatMap(({ folder, manifest }) =>
    (isProgram(manifest) ? ofEachProgram : ofEachLibrary).map(file => `${folder}/${file}`),
  )
  const wanted = [...ofTheRoot, ...ofPackages]
  return wanted.filter(file => !existsSync(join(root, file))).map(file => `${file} is missing`)
}
