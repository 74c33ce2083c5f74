import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleFiles } from './example-files.ts'
import type { Files } from './plant-project.ts'
import { plantFile } from './plant-project.ts'

const sound: Files = {
  'README.md':
    '| example | shows |\n| --- | --- |\n| [`double.ts`](double.ts) | doubling |\n| [`program.ts`](program.ts) | it |\n',
  'double.ts': '',
  'double.test.ts': "import { double } from './double.ts'\n",
  'program.ts': '',
  'program.test.ts': 'const file = `program${extname(import.meta.filename)}`\n',
}

function plantExamples(changes: Files = {}): string {
  const folder = join(homedir(), 'examples')
  for (const [file, text] of Object.entries({ ...sound, ...changes })) {
    if (text !== undefined) plantFile(join(folder, file), text)
  }
  return folder
}

describe('exampleFiles', () => {
  test('finds nothing where each example has its test and its row', () => {
    expect(exampleFiles(plantExamples())).toEqual([])
  })

  const planted: readonly (readonly [says: string, changes: Files])[] = [
    ['double.ts has no double.test.ts', { 'double.test.ts': undefined }],
    ['double.test.ts has no double.ts', { 'double.ts': undefined }],
    ['double.test.ts does not use double.ts', { 'double.test.ts': "import { triple } from './triple.ts'\n" }],
    ['README.md has no row for more.ts', { 'more.ts': '', 'more.test.ts': "import './more.ts'\n" }],
    ['README.md has no row for double.ts', { 'README.md': undefined }],
    ['README.md has a row for double.ts, which is not there', { 'double.ts': undefined, 'double.test.ts': undefined }],
    [
      'there is no example',
      { 'double.ts': undefined, 'double.test.ts': undefined, 'program.ts': undefined, 'program.test.ts': undefined },
    ],
  ]

  test.each(planted)('reports "%s"', (says, changes) => {
    expect(exampleFiles(plantExamples(changes))).toContain(says)
  })
})
