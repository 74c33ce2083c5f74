import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './repository.ts'

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

const ofEachPackage = [
  '.size-limit.json',
  'README.md',
  'api-extractor.json',
  'api-report.api.md',
  'src/index.ts',
  'tsconfig.json',
  'tsup.config.ts',
]

/** The root and every package have the files that people and tools look for. */
export function requiredFiles({ root, packages }: Repository): readonly string[] {
  const wanted = [...ofTheRoot, ...packages.flatMap(({ folder }) => ofEachPackage.map(file => `${folder}/${file}`))]
  return wanted.filter(file => !existsSync(join(root, file))).map(file => `${file} is missing`)
}
