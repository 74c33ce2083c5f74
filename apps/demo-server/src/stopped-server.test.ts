import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { failToStart, makeAdministrator, startServer } from './testing/child-server.ts'
import { describeDatabases } from './testing/databases.ts'

const stillRunning =
  'A server, or another command, is running on this database: stop it first, then restore the backup.\n'

describeDatabases('a backup by command', ({ kind, locate }) => {
  const path = (): string => join(homedir(), 'a.backup')
  let env: NodeJS.ProcessEnv
  /** Of the commands: another machine's folder, where the database is not in it. */
  let elsewhere: NodeJS.ProcessEnv

  beforeEach(async () => {
    const passphrase = { ST_BACKUP_PASSPHRASE: 'a long passphrase' }
    const keys = { SIMPLETUNER_AUDIT_KEY: 'of all instances', SIMPLETUNER_CREDENTIAL_KEY: 'a passphrase' }
    env = { ...process.env, ...passphrase, ...(kind === 'sqlite' ? {} : { ...keys, DATABASE_URL: await locate() }) }
    elsewhere = kind === 'sqlite' ? env : { ...env, SIMPLETUNER_STATE_DIR: join(homedir(), 'elsewhere') }
  })

  it('is made while a server runs, and restored when none does', async () => {
    const server = await startServer({ env })
    await makeAdministrator(server)

    const made = await failToStart(['--backup', path()], elsewhere)
    const refused = await failToStart(['--restore', path()], elsewhere)
    const isServing = (await fetch(`${server.url}/health/live`)).status
    await server.stop('SIGKILL')
    const restored = await failToStart(['--restore', path()], elsewhere)
    const again = await failToStart(['--backup', path()], elsewhere)

    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Backup made: .*\n$/), stderr: '' })
    expect(refused).toEqual({ code: 1, stdout: '', stderr: stillRunning })
    expect(isServing).toBe(200)
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored: .*\n$/), stderr: '' })
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^There is a file .*\n$/) })
    await access(path())
  })
})
