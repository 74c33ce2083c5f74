import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const built = fileURLToPath(new URL('../../packages/credential-crypto/dist/index.js', import.meta.url))

const { values } = parseArgs({
  options: {
    ours: { type: 'string', default: built },
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string' },
    only: { type: 'string' },
  },
})
if (!existsSync(values.ours)) throw new Error(`${values.ours} does not exist: run pnpm build`)
if (globalThis.gc === undefined) throw new Error('run with node --expose-gc')
if (!process.versions.node.startsWith('24.')) throw new Error('run with Node 24, for instance node_modules/.bin/node')

/** The package as it is published. */
export const ours = await import(pathToFileURL(values.ours).href)

/** Which Python to compare with. */
export const { python: pythonCommand } = values

/**
 * How many rounds were asked for.
 *
 * @param {number} usual
 */
export function roundsOr(usual) {
  return values.rounds === undefined ? usual : Number(values.rounds)
}

/**
 * Whether this part was asked for.
 *
 * @param {string} name
 */
export function isAskedFor(name) {
  return values.only === undefined || values.only.split(',').includes(name)
}

/** A secret of 256 random bits, as the package generates them. */
export const randomSecret = () => randomBytes(32).toString('base64url')

/**
 * A cipher in this form; `undefined` when the package does not have it yet.
 *
 * @param {'v1' | 'st2'} format
 * @param {readonly object[]} keys
 */
export async function cipherOf(format, keys = [{ secret: randomSecret() }]) {
  // Without the option, so that a version of the package from before it can be measured too.
  if (format === 'v1') return ours.createCredentialCipher({ keys })
  try {
    return await ours.createCredentialCipher({ keys, format })
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
