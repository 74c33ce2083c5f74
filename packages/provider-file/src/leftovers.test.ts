import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { abandonedLeftovers, claimPath, removeLeftovers, temporaryPath } from './leftovers.ts'

function inHome(name: string): string {
  return join(homedir(), name)
}

const bystanders = ['.other.json.0123456789abcdef.tmp', '.secrets.json.tmp', '.secrets.json.notes.tmp', 'secrets.json']

describe('temporaryPath', () => {
  it('gives names that hide the file and differ', () => {
    const names = Array.from({ length: 10 }, () => basename(temporaryPath('/directory/secrets.json')))

    expect(new Set(names).size).toBe(10)
    expect(names.every(name => /^\.secrets\.json\.[0-9a-f]{16}\.tmp$/.test(name))).toBe(true)
  })
})

describe('claimPath', () => {
  it('gives one name for one lock, and another for another', () => {
    expect(claimPath('/d/secrets.json', 'lock 1')).toBe(claimPath('/d/secrets.json', 'lock 1'))
    expect(claimPath('/d/secrets.json', 'lock 1')).not.toBe(claimPath('/d/secrets.json', 'lock 2'))
  })
})

describe('removeLeftovers', () => {
  it('removes what killed writers of this file left behind, and nothing else', async () => {
    for (const name of bystanders) writeFileSync(inHome(name), 'x')
    writeFileSync(temporaryPath(inHome('secrets.json')), 'left behind')
    writeFileSync(claimPath(inHome('secrets.json'), 'lock'), 'left behind')

    await removeLeftovers(inHome('secrets.json'))

    expect(readdirSync(homedir()).toSorted()).toEqual(bystanders.toSorted())
  })

  it('does nothing where there is no directory', async () => {
    await expect(removeLeftovers(inHome('absent/secrets.json'))).resolves.toBeUndefined()
  })
})

describe('abandonedLeftovers', () => {
  it('names what is older than ten seconds, and not what a writer may be using', async () => {
    const temporary = temporaryPath(inHome('secrets.json'))
    const claim = claimPath(inHome('secrets.json'), 'lock')
    const lock = inHome('secrets.json.lock')
    for (const path of [temporary, claim, lock, temporaryPath(inHome('secrets.json'))]) writeFileSync(path, 'x')
    const old = new Date(Date.now() - 11_000)
    for (const path of [temporary, claim, lock]) utimesSync(path, old, old)

    const abandoned = await abandonedLeftovers(inHome('secrets.json'))

    expect(abandoned.toSorted()).toEqual([temporary, claim, lock].toSorted())
  })
})
