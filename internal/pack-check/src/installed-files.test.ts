import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { installedFiles } from './installed-files.ts'
import type { Files } from './plant-project.ts'
import { packageJson, plantFile, plantProject } from './plant-project.ts'

describe('installedFiles', () => {
  test('finds nothing in a sound package', () => {
    const faults = installedFiles(plantProject({ 'dist/index.js.map': '{}', 'CHANGELOG.md': '' }))

    expect(faults).toEqual([])
  })

  const planted: readonly (readonly [says: string, changes: Files])[] = [
    ['LICENSE is not in the tarball', { LICENSE: undefined }],
    ['dist/bin.js is not in the tarball', { 'package.json': packageJson({ bin: { sample: './dist/bin.js' } }) }],
    ['src/index.ts must not be in the tarball', { 'src/index.ts': '' }],
    ['dist/assets/page-0123ABCD.js must not be in the tarball', { 'dist/assets/page-0123ABCD.js': '' }],
    ['dist/index.test.js must not be in the tarball', { 'dist/index.test.js': '' }],
    [
      'still holds @st/source',
      { 'package.json': packageJson({ exports: { '.': { '@st/source': './src/index.ts' } } }) },
    ],
    ['still holds workspace:', { 'package.json': packageJson({ peerDependencies: { other: 'workspace:^' } }) }],
    ['still holds catalog:', { 'package.json': packageJson({ peerDependencies: { other: 'catalog:' } }) }],
    ['depends on left-pad', { 'package.json': packageJson({ dependencies: { 'left-pad': '1.0.0' } }) }],
  ]

  test.each(planted)('reports "%s"', (says, changes) => {
    const faults = installedFiles(plantProject(changes))

    expect(faults).toContainEqual(expect.stringContaining(says))
  })

  test('reports a package that nobody asked for', () => {
    const project = plantProject()
    plantFile(join(project.root, 'node_modules/@other/stowaway/package.json'), '{}')

    const faults = installedFiles(project)

    expect(faults).toEqual(['brings @other/stowaway along'])
  })

  test('reports a sibling that did not come along', () => {
    const faults = installedFiles({ ...plantProject(), siblings: ['@st/other'] })

    expect(faults).toEqual(['does not bring @st/other along'])
  })
})
