import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeWithPeer } from './describe-with-peer.ts'
import { startPostgres } from './postgres-server.ts'
import { requirePeer } from './require-peer.ts'

describeWithPeer(describe, await requirePeer('postgres'))('a PostgreSQL for tests', peer => {
  it('answers, keeps what was written over a restart, and leaves nothing behind', async ({ skip }) => {
    const place = peer()
    if ('url' in place) return skip('one that runs already is not stopped')
    const server = await startPostgres(place)
    const folder = new URL(server.url).searchParams.get('host') ?? ''
    const psql = (sql: string): string =>
      execFileSync(join(place.bin, 'psql'), ['-h', folder, '-U', 'st', '-d', 'postgres', '-Atc', sql], {
        encoding: 'utf8',
      }).trim()

    psql('create table t (id int); insert into t values (7)')
    await server.stop()
    await server.start()
    const kept = psql('select id from t')
    await server[Symbol.asyncDispose]()

    expect(kept).toBe('7')
    expect(existsSync(folder)).toBe(false)
  })
})
