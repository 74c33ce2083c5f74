import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleRuns } from './example-runs.ts'
import { plantFile, plantProject } from './plant-project.ts'

const example = "import { double } from '@st/sample'\n\nexport const four: number = double(2)\n"
const head = "import { equal } from 'node:assert/strict'\nimport { test } from 'node:test'\n"

/** Runs an example whose test is this, in a project with the sound package. */
async function run(lines: string, text: string = example): Promise<readonly string[]> {
  const folder = join(homedir(), 'examples')
  plantFile(join(folder, 'sample.ts'), text)
  plantFile(join(folder, 'sample.test.ts'), `${head}import { four } from './sample.ts'\n\n${lines}\n`)
  return exampleRuns(plantProject(), folder)
}

describe('exampleRuns', () => {
  test('finds nothing in examples that compile and whose tests pass', async () => {
    expect(await run("test('doubles', () => equal(four, 4))")).toEqual([])
  })

  test('runs what Node has to have compiled', async () => {
    const decorated = `${example}
function named(method: () => string, { name }: ClassMethodDecoratorContext): () => string {
  return () => String(name) + method()
}

export class Sample {
  @named
  greet(): string {
    return '!'
  }
}
`

    const faults = await run(
      "test('decorates', async () => equal(new (await import('./sample.ts')).Sample().greet(), 'greet!'))\nequal(four, 4)",
      decorated,
    )

    expect(faults).toEqual([])
  })

  test('reports a type error, in an example and in its test', async () => {
    const faults = await run("test('doubles', () => equal(four.length, undefined))", `${example}double('2')\n`)

    expect(faults).toEqual([
      expect.stringContaining('examples/sample.ts:4 TS2345'),
      expect.stringContaining('examples/sample.test.ts:5 TS2339'),
    ])
  })

  test('reports an error that is expected and does not come', async () => {
    const faults = await run("// @ts-expect-error -- on purpose\ntest('doubles', () => equal(four, 4))")

    expect(faults).toEqual([expect.stringContaining('sample.test.ts:5 TS2578')])
  })

  test('reports a test that fails', async () => {
    const faults = await run("test('doubles', () => equal(four, 5))")

    expect(faults).toEqual([expect.stringMatching(/^sample\.test\.ts: ends with 1[^]*not ok 1 - doubles/)])
  })

  test.each([
    ['has no test', 'equal(four, 4)'],
    ['groups no test', "import { describe } from 'node:test'\ndescribe('doubling', () => equal(four, 4))"],
    ['skips one', "test('doubles', () => equal(four, 4))\ntest.skip('halves', () => {})"],
    ['leaves one for later', "test('doubles', () => equal(four, 4))\ntest.todo('halves')"],
  ])('reports a file that %s', async (_what, lines) => {
    expect(await run(lines)).toEqual([expect.stringMatching(/^sample\.test\.ts: not every test ran\n/)])
  })

  test('gives a test an empty home and nothing of the machine', async () => {
    const faults = await run(`import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
test('is alone', () => {
  equal(readdirSync(homedir()).length, 0)
  equal(Object.keys(process.env).join(), 'HOME')
  equal(four, 4)
})`)

    expect(faults).toEqual([])
  })
})
