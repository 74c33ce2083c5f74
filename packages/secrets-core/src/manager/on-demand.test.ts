import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { writableProvider } from '../__fixtures__/sample-provider.ts'
import type { SecretsManager } from './secrets-manager.ts'

/** Modules that come with one, itself included; types come with none. */
function modulesOf(entry: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (url: URL): void => {
    if (found.has(url.href)) return
    found.add(url.href)
    const statements = readFileSync(url, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm)
    for (const [, path = ''] of statements) visit(new URL(path, url))
  }
  visit(new URL(entry, import.meta.url))
  return found
}

describe('what is loaded on demand', () => {
  it('does not come with the package', () => {
    const own = modulesOf('../index.ts')

    expect(['secrets-manager', 'on-demand'].map(name => own.has(import.meta.resolve(`./${name}.ts`)))).toEqual([
      true,
      false,
    ])
  })

  it('shares nothing but the contract with what comes with the package, which would have to be one more file', () => {
    const own = modulesOf('../index.ts')
    const shared = [...modulesOf('on-demand.ts')].filter(url => own.has(url))

    expect(shared.length).toBeGreaterThan(0)
    expect(shared.filter(url => !url.includes('/contract/'))).toEqual([])
  })

  it.each<[string, (manager: SecretsManager) => Promise<unknown>]>([
    ['setSecret', manager => manager.setSecret('A', 'value')],
    ['deleteSecret', manager => manager.deleteSecret('A')],
    ['explain', manager => manager.explain('A')],
    ['list', manager => manager.list()],
    ['checkHealth', manager => manager.checkHealth()],
  ])('is not begun by %s when the manager is closed meanwhile', async (_, use) => {
    const source = writableProvider('a', { A: '1' })
    const isAvailable = vi.spyOn(source, 'isAvailable')
    const manager = managerOf([source])

    const error = rejectionOf(use(manager))
    await manager.close()

    expect(await error).toMatchObject({ kind: 'closed' })
    expect([source.reads, isAvailable.mock.calls, source.secrets]).toEqual([[], [], { A: '1' }])
  })
})
