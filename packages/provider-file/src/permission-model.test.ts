import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startChild } from './__fixtures__/child-program.ts'

const workspace = fileURLToPath(new URL('../../../', import.meta.url))

/** Some releases of Node 22, such as 22.18, throw these refusals past their own promises, so that nobody can catch them. */
const isCatchable = Number(process.versions.node.split('.')[0]) >= 24

describe('under the permission model of Node', () => {
  it.runIf(isCatchable)('works where it may read and write, and says forbidden elsewhere', async () => {
    const [permitted, forbidden] = [join(homedir(), 'permitted'), join(homedir(), 'forbidden')]
    mkdirSync(permitted, { mode: 0o700 })
    mkdirSync(forbidden, { mode: 0o700 })
    const grants = [workspace, permitted].map(path => `--allow-fs-read=${path}`)

    const child = startChild(
      {
        name: 'permitted.ts',
        env: { NODE_OPTIONS: ['--permission', ...grants, `--allow-fs-write=${permitted}`].join(' ') },
      },
      permitted,
      forbidden,
    )

    const outcomes = child.stdout ? (await text(child.stdout)).trim().replaceAll('\n', ' ') : ''
    expect(outcomes).toBe('undefined 1 1 undefined ready true forbidden forbidden forbidden forbidden failed forbidden')
  })
})
