import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isProgram, type Member, type Repository } from './repository.ts'

/** turbo passes over a package that lacks a script, so that a missing one would switch a check off in silence. */
const scripts = {
  build: 'tsup',
  api: 'api-extractor run',
  // `attw --pack` runs `npm pack`, which leaves `publishConfig.exports` where it is.
  'package-lint': 'publint --strict && pnpm pack --out temp/package.tgz && attw temp/package.tgz --profile esm-only',
  // From the root, because size-limit looks for its plugins in the package.json of the folder that it runs in.
  size: 'cd ../.. && size-limit --config "$OLDPWD/.size-limit.json"',
  'pack-check': 'node ../../internal/pack-check/src/main.ts',
}

/** A program has no types that could be documented or resolve. */
const { api: _api, ...others } = scripts
const scriptsOfPrograms = { ...others, 'package-lint': 'publint --strict' }

const fields = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  files: ['dist'],
  engines: { node: '>=22.18' },
  private: undefined,
}

/** Every package.json under `packages/` holds what npm, consumers and turbo need. */
export function manifestFields({ packages }: Repository): readonly string[] {
  return packages.flatMap(member => fieldFaults(member).map(fault => `${member.folder}/package.json: ${fault}`))
}

function fieldFaults({ folder, manifest }: Member): readonly string[] {
  const expected: Readonly<Record<string, unknown>> = {
    name: `@st/${basename(folder)}`,
    ...fields,
    scripts: isProgram(manifest) ? scriptsOfPrograms : scripts,
  }
  return [
    ...Object.entries(expected)
      .filter(([field, value]) => !isDeepStrictEqual(manifest[field], value))
      .map(([field, value]) => `"${field}" is not ${JSON.stringify(value)}`),
    ...(/^\d+\.\d+\.\d+/.test(String(manifest['version'])) ? [] : ['"version" is not a version']),
    ...(/^[A-Z].*\.$/.test(String(manifest['description'])) ? [] : ['"description" is not a sentence']),
    ...(manifest.publishConfig?.access === 'public' ? [] : ['"publishConfig.access" is not "public"']),
  ]
}
