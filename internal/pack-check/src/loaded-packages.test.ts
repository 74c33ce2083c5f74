import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadedPackages } from './loaded-packages.ts'
import { plantFile, plantProject } from './plant-project.ts'

describe('loadedPackages', () => {
  test('finds nothing where a client library is loaded on demand', async () => {
    const project = plantProject({ 'dist/index.js': "export const double = () => import('heavy-sdk')\n" })
    plantFile(join(project.root, 'node_modules/heavy-sdk/index.js'), '')

    const faults = await loadedPackages(project)

    expect(faults).toEqual([])
  })

  test.each([
    ['import', "import 'heavy-sdk'\n"],
    ['require', "import { createRequire } from 'node:module'\ncreateRequire(import.meta.url)('heavy-sdk')\n"],
  ])('reports a client library that is loaded at once by %s', async (_how, text) => {
    const project = plantProject({ 'dist/index.js': text })
    plantFile(join(project.root, 'node_modules/heavy-sdk/index.js'), '')

    const faults = await loadedPackages(project)

    expect(faults).toEqual(['importing @st/sample loads heavy-sdk at once'])
  })
})
