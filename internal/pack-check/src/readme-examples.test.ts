import { describe, expect, test } from 'vitest'
import { plantProject } from './plant-project.ts'
import { readmeExamples, typescriptBlocks } from './readme-examples.ts'

const fence = '```'

/** A README whose only example is this. */
function readme(...lines: readonly string[]): Readonly<Record<string, string>> {
  return { 'README.md': `# Sample\n\n${fence}ts\n${lines.join('\n')}\n${fence}\n` }
}

describe('readmeExamples', () => {
  test('finds nothing in examples that compile and run', async () => {
    const faults = await readmeExamples(plantProject(), {})

    expect(faults).toEqual([])
  })

  test('reports a README without an example', async () => {
    const faults = await readmeExamples(plantProject({ 'README.md': `${fence}js\ndouble(2)\n${fence}\n` }), {})

    expect(faults).toEqual([expect.stringContaining('no ```ts block')])
  })

  test('reports an example with a type error', async () => {
    const project = plantProject(readme("import { double } from '@st/sample'", "double('2')"))

    const faults = await readmeExamples(project, {})

    expect(faults).toEqual([expect.stringContaining('readme-line-4.ts:2 TS2345')])
  })

  test('reports an example that fails', async () => {
    const faults = await readmeExamples(plantProject(readme("throw new Error('on purpose')")), {})

    expect(faults).toEqual([expect.stringMatching(/^readme-line-4\.ts: ends with 1[^]*on purpose/)])
  })

  test('gives an example an empty home and the given variables, and nothing of the machine', async () => {
    const project = plantProject(
      readme(
        "import assert from 'node:assert/strict'",
        "import { readdirSync } from 'node:fs'",
        "import { homedir } from 'node:os'",
        'assert.deepEqual(readdirSync(homedir()), [])',
        "assert.deepEqual(Object.keys(process.env), ['HOME', 'VAULT_ADDR'])",
      ),
    )

    const faults = await readmeExamples(project, { VAULT_ADDR: 'http://127.0.0.1' })

    expect(faults).toEqual([])
  })
})

describe('typescriptBlocks', () => {
  test('takes the blocks marked ts and leaves the others', () => {
    const blocks = typescriptBlocks(
      `a\n${fence}sh\nnpm i\n${fence}\n${fence}ts\none\n${fence}\n${fence}tsx\n${fence}\n`,
    )

    expect(blocks).toEqual([{ line: 6, text: 'one\n' }])
  })
})
