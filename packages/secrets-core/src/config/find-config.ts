import { statSync, type Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigError } from './config-error.ts'

const names: readonly string[] = ['st-secrets.config.ts', 'st-secrets.config.mjs', 'st-secrets.config.json']

/**
 * The configuration file: the named one, else the only one in `cwd`.
 *
 * Both kinds are refused where everybody may write, because a configuration is code, and says who gets the tokens. One that
 * was merely found must also be this user's or the superuser's own.
 */
export function findConfig({
  path,
  cwd,
}: {
  readonly path: string | undefined
  readonly cwd: string
}): string | undefined {
  if (path !== undefined) return named(resolve(cwd, path))
  const [found, second] = names.map(name => join(cwd, name)).filter(candidate => fileAt(candidate) !== undefined)
  if (found === undefined) return undefined
  if (second !== undefined) {
    throw new ConfigError('config_ambiguous', cwd, {
      message: 'There are several configuration files, such as st-secrets.config.ts and st-secrets.config.json.',
      hint: 'Remove all but one, or name one.',
    })
  }
  refuseExposed(found)
  refuseForeign(found)
  return found
}

function named(path: string): string {
  if (fileAt(path) === undefined) {
    throw new ConfigError('config_missing', path, {
      message: 'There is no such configuration file.',
      hint: 'Check --config, the variable ST_SECRETS_CONFIG or the option "path".',
    })
  }
  refuseExposed(path)
  return path
}

function fileAt(path: string): Stats | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats?.isFile() === true ? stats : undefined
  } catch {
    return undefined
  }
}

function refuseExposed(path: string): void {
  if (process.platform === 'win32') return
  if (isWritableByAll(statSync(path), 0o002) || isWritableByAll(statSync(dirname(path)), 0o1002)) {
    throw new ConfigError('config_insecure', path, {
      message: 'Everybody may write this file or its folder.',
      hint: `Run: chmod o-w ${path} ${dirname(path)}`,
    })
  }
}

/** In a folder with the sticky bit others cannot replace what is not theirs. */
function isWritableByAll({ mode }: Stats, mask: number): boolean {
  return (mode & mask) === 0o002
}

function refuseForeign(path: string): void {
  const self = process.geteuid?.()
  const { uid } = statSync(path)
  if (self === undefined || uid === self || uid === 0) return
  throw new ConfigError('config_insecure', path, {
    message: 'The file belongs to another user, who could have it run anything.',
    hint: 'Name it with --config or the variable ST_SECRETS_CONFIG if you trust it.',
  })
}
