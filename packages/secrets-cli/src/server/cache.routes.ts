import { buildCommand, buildRouteMap, type Command, type RouteMap } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { ClearCacheFlags } from './clear-cache.ts'
import { nameParameter, type ServerFlags, serverFlags, switchFlag, textFlag, yesFlag } from './server-flags.ts'

const cacheName = nameParameter('Name of the cache, as `cache stats` lists it', 'cache')

const statsCommand: Command<CommandContext> = buildCommand<ServerFlags, [string?], CommandContext>({
  loader: async () => withContext((await import('./show-caches.ts')).showCaches),
  parameters: {
    flags: serverFlags,
    aliases: globalAliases,
    positional: { kind: 'tuple', parameters: [{ ...cacheName, optional: true }] },
  },
  docs: { brief: 'Server: how full each cache is, and how often it answers' },
})

const clearCommand: Command<CommandContext> = buildCommand<ClearCacheFlags, [string], CommandContext>({
  loader: async () => withContext((await import('./clear-cache.ts')).clearCache),
  parameters: {
    flags: {
      ...serverFlags,
      key: textFlag('Only the entry of this key', 'key'),
      prefix: textFlag('Only entries whose keys begin so', 'prefix'),
      all: switchFlag('The whole cache'),
      dryRun: switchFlag('Say how many entries there are, and forget none'),
      yes: yesFlag,
    },
    aliases: globalAliases,
    positional: { kind: 'tuple', parameters: [cacheName] },
  },
  docs: {
    brief: 'Server: forget a cache or a part of it, in all instances',
    fullDescription: 'The number of entries is that of the instance which answers; the others forget theirs too.',
  },
})

/** `st-secrets cache …`. */
export const cacheRoutes: RouteMap<CommandContext> = buildRouteMap<string, CommandContext>({
  routes: { stats: statsCommand, clear: clearCommand },
  docs: { brief: 'Caches of a running server: see and clear them' },
})
