import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where a built package of this repository is. */
export function buildOf(name, entry = 'index.js') {
  const url = new URL(`../../packages/${name}/dist/${entry}`, import.meta.url)
  if (!existsSync(url)) throw new Error(`${fileURLToPath(url)} does not exist: run pnpm build`)
  return url.href
}

/**
 * What is measured, as files. The cache is a copy of its own, so that V8 learns nothing about the floor from the manager,
 * which has the same code inside.
 */
export const builds = { ours: buildOf('secrets-core'), cache: `${buildOf('ttl-cache')}?floor` }
