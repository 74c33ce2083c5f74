import { existsSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const homes: string[] = []

test.each([1, 2])('each test has an empty home of its own (%i)', () => {
  const home = homedir()

  expect(home.startsWith(tmpdir())).toBe(true)
  expect(homes).not.toContain(home)
  expect(homes.every(earlier => !existsSync(earlier))).toBe(true)
  writeFileSync(join(home, 'left behind'), '')
  homes.push(home)
})

test('no credential or setting of the machine reaches a test', () => {
  const reached = Object.keys(process.env).filter(name =>
    /^(VAULT_|AWS_|SIMPLETUNER_|DATABASE_URL|HF_TOKEN)/.test(name),
  )

  expect(reached).toEqual([])
})
