import { enableCompileCache } from 'node:module'

/**
 * Has Node keep the compiled code of this program in the user's own cache folder, which halves what starting costs.
 *
 * Not in the temporary folder, which is Node's default: there somebody else could have put code for us to run. What is
 * kept is code only. A folder that cannot be written is no failure; `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
export function keepCompiledCode(env: Readonly<Record<string, string | undefined>>): void {
  const folder = env['XDG_CACHE_HOME'] || env['LOCALAPPDATA'] || (env['HOME'] && `${env['HOME']}/.cache`)
  if (env['NODE_COMPILE_CACHE'] === undefined && !folder) return
  enableCompileCache(env['NODE_COMPILE_CACHE'] ?? `${folder}/st-secrets`)
}
