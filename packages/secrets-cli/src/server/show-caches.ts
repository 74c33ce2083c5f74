import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { textTable } from '../text-table.ts'
import { cachesShape, type CacheView } from './cache-view.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Prints how full the caches of a server are, and how often they answer. */
export async function showCaches(context: CommandContext, flags: ServerFlags, name?: string): Promise<void> {
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const found = await client.ask({ path: 'api/caches' }, cachesShape)
  const caches = name === undefined ? found.caches : found.caches.filter(cache => cache.name === name)
  if (name !== undefined && caches.length === 0) {
    const names = found.caches.map(cache => printable(cache.name)).join(', ')
    throw new CliError(exitCodes.notFound, `${client.address} has no such cache.`, `It has ${names || 'none'}.`)
  }
  if (output.isJson) await output.json({ caches })
  else await output.data(tableOf(caches))
}

function tableOf(caches: readonly CacheView[]): string {
  const headings = ['CACHE', 'ENTRIES', 'HITS', 'MISSES', 'RATIO', 'EVICTED', 'LOADS', 'FAILED', 'P50', 'P95']
  return textTable(headings, caches.map(rowOf))
}

function rowOf({ name, figures, loads }: CacheView): readonly string[] {
  const told =
    figures === null
      ? ['-', '-', '-', '-', '-']
      : [
          figures.maxSize === null ? String(figures.size) : `${figures.size} of ${figures.maxSize}`,
          String(figures.hits),
          String(figures.misses),
          `${(100 * figures.hitRatio).toFixed(1)} %`,
          String(figures.evictions),
        ]
  return [printable(name), ...told, String(loads.loads), String(loads.failures), time(loads.p50Ms), time(loads.p95Ms)]
}

function time(milliseconds: number | null): string {
  return milliseconds === null ? '-' : `${milliseconds.toFixed(1)} ms`
}
