import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startChild } from './__fixtures__/child-program.ts'
import { runCrowdTrial } from './__fixtures__/crowd-trial.ts'
import { valueOf } from './__fixtures__/written-value.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

/** A share of the writes; `npm run test:long` makes them all. */
const writes = process.env['ST_LONG_TESTS'] === '1' ? 100 : 20

describe.each(['secrets.json', 'secrets.yaml'])('%s, written by several processes', name => {
  it('has all 200 keys after two processes have stored 100 each', { timeout: 60_000 }, async () => {
    const filePath = join(homedir(), name)

    const codes = await Promise.all(
      ['A', 'B'].map(async prefix => {
        const [code] = (await once(startChild({ name: 'writer.ts' }, filePath, prefix, '1', '100'), 'exit')) as [
          unknown,
        ]
        return code
      }),
    )

    const document = await new FileSecretProvider({ filePath }).readDocument()
    expect(codes).toEqual([0, 0])
    expect(document?.values.size).toBe(200)
    expect(document?.values.get('A_100')).toBe(valueOf('A', 100))
    expect(readdirSync(homedir())).toEqual([name])
  })
})

describe('a file that sixteen processes write', () => {
  it(
    `has all of their ${16 * writes} keys, although most of them are killed on the way`,
    { timeout: 600_000 },
    async () => {
      const report = await runCrowdTrial(join(homedir(), 'secrets.json'), { writers: 16, writes, seed: 2026 })

      expect(report).toMatchObject({ lost: 0, leftBehind: 0 })
      expect(report.kills).toBeGreaterThan(5)
    },
  )
})
