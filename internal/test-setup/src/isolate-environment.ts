import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

const foreign = /^(VAULT_|AWS_|SIMPLETUNER_)/
const wellKnown = ['DATABASE_URL', 'REPLICATE_API_TOKEN', 'HF_TOKEN', 'CLOUD_WEBHOOK_SECRET', 'PORT', 'HOST']

/** Nothing that the machine's user has configured reaches a test, and no test reaches what the user has stored. */
for (const name of Object.keys(process.env)) {
  if (foreign.test(name) || wellKnown.includes(name)) delete process.env[name]
}

// What starts a package manager must find the caches of the user who runs the tests.
process.env['ST_LAUNCHER_HOME'] ??= process.env['HOME']

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'st-home-'))
  process.env['HOME'] = home
})

afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})
