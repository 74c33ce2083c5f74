import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ProviderDocument } from '@st/secrets-core/provider'
import { describe, expect, it } from 'vitest'
import { whileRunning } from './__fixtures__/while-running.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

const reads = 300

/** The version that a document shows; a text when it shows two. */
function versionIn(document: ProviderDocument): number | string {
  const [first, last] = ['TOKEN', 'LAST'].map(key => document.values.get(key)?.split(' ')[1])
  return first === last ? Number(first) : `${first} and ${last}`
}

describe('a reader of a file that is exchanged all the time', () => {
  it.each([
    ['by a rename', 'rename', false],
    ['for a link to another one', 'link', false],
    ['by one that is made after it was removed', 'remove', true],
  ])('sees whole versions %s', async (_how, way, mayBeAbsent) => {
    const provider = new FileSecretProvider({ filePath: join(homedir(), 'secrets.json') })
    let known: ProviderDocument | undefined
    const versions = new Set<number | string>()
    let absences = 0

    await whileRunning('file-swapper.ts', [homedir(), way], async () => {
      // On a busy machine the other program may come to nothing for a while.
      for (let read = 0; read < reads || versions.size < 3; read += 1) {
        const isSync = read % 2 === 0
        known = isSync ? provider.readDocumentSync({ known }) : await provider.readDocument({ known })
        if (known) versions.add(versionIn(known))
        else absences += 1
      }
    })

    expect([...versions].filter(version => typeof version === 'string' || Number.isNaN(version))).toEqual([])
    expect(mayBeAbsent || absences === 0).toBe(true)
  })

  it('leaves a whole file when it writes against one', async () => {
    const provider = new FileSecretProvider({ filePath: join(homedir(), 'secrets.json') })

    // The other program takes no lock, so that a value may be gone at once; the file never holds a part of one.
    await whileRunning('file-swapper.ts', [homedir(), 'remove'], async () => {
      for (let round = 0; round < 30; round += 1) await provider.setSecret('MINE', `value ${round}`)
    })

    const document = await provider.readDocument()
    expect(document === undefined || typeof versionIn(document) === 'number').toBe(true)
  })
})
