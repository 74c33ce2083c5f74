import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { startChild } from './__fixtures__/child-program.ts'

const canary = 'r8_Secrecy"Canary/4f1e+b7'

/** The forms in which a value could be shown. */
const forms = [
  canary,
  JSON.stringify(canary).slice(1, -1),
  Buffer.from(canary).toString('hex'),
  // Whatever stands before it, one of the three begins at a border of three bytes.
  ...['', 'x', 'xx'].map(before =>
    Buffer.from(before + canary)
      .toString('base64')
      .slice(4, -4),
  ),
  encodeURIComponent(canary),
  canary.slice(3, 20),
]

describe('what a program prints that uses every provider, well and badly', () => {
  it.each([
    ['by itself', {}],
    ['with DEBUG=* and NODE_DEBUG=*', { DEBUG: '*', NODE_DEBUG: '*', NODE_DEBUG_NATIVE: '' }],
  ])('shows no value %s', async (_how, env) => {
    const directory = join(homedir(), 'everything')
    mkdirSync(directory, { mode: 0o700 })

    const child = startChild({ name: 'everything.ts', stderr: 'pipe', env }, directory, canary)
    const [output, errors] = await Promise.all(
      [child.stdout, child.stderr].map(async stream => (stream ? text(stream) : '')),
    )

    expect(output).toContain('done\n')
    expect(output).toContain('ST_SECRETS_MALFORMED')
    expect(forms.filter(form => `${output}${errors}`.includes(form))).toEqual([])
  })
})
