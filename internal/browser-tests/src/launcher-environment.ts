import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * The environment in which a test runs `npm start`: the server finds the test's own home, npm and pnpm find the caches
 * of the user who runs the tests, so that nothing is installed twice.
 */
export function launcherEnvironment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = process.env['ST_LAUNCHER_HOME'] ?? userInfo().homedir
  return {
    ...process.env,
    npm_config_cache: process.env['npm_config_cache'] ?? join(own, '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(own, '.npmrc'),
    XDG_DATA_HOME: process.env['XDG_DATA_HOME'] ?? join(own, '.local/share'),
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(own, '.cache'),
    XDG_STATE_HOME: process.env['XDG_STATE_HOME'] ?? join(own, '.local/state'),
    XDG_CONFIG_HOME: process.env['XDG_CONFIG_HOME'] ?? join(own, '.config'),
    HOME: homedir(),
    ...env,
  }
}
