import { describe, expect, it } from 'vitest'
import type { ChainCase, Operation } from './chain-case.ts'
import { ChainWorld, expectedFileState, nothing } from './chain-world.ts'
import fixture from './fixtures/chain.json' with { type: 'json' }

// The file is ours, and has this shape.
const cases = fixture.cases as readonly ChainCase[]

/** Cases that other tests cover, with the requirement that parts us from the original. */
const elsewhere: Readonly<Record<string, string>> = {
  'falsy but present values win': 'R2: a provider answers strings; the conformance suite refuses others',
  'non-string key': 'R9: a TypeError; see the tests of SecretsManager',
  'non-string value is written as JSON': 'R25: a TypeError; see the tests of SecretsManager',
  'set on a .yaml holding a date truncates the file': 'R25: stays YAML; see the tests of FileSecretProvider',
  'set into a .yaml writes JSON text': 'R25: stays YAML; see the tests of FileSecretProvider',
  'emoji set into a .yaml does not survive a reload': 'R25: it does; see the tests of FileSecretProvider',
}

/** What we do instead where the fixture has no `improved`, by the number of the operation. */
const instead: Readonly<Record<string, Readonly<Record<number, unknown>>>> = {
  // R7: a pass with a failure is not kept as a miss.
  'throwing provider is skipped with a warning': { 4: 'later' },
  // R24: each write leaves 0600.
  'delete does not tighten a world-readable file': { 1: { exists: true, mode: '0o600', json: { A: 'x' } } },
  // R28: what cannot be read is not written over.
  'set on a corrupt file throws the old content away': {
    2: { exists: true, mode: '0o644', json: '{"TOKEN":"keepme", broken' },
  },
  // R22: a path that does not exist is kept and written to.
  'custom missing file_path: set goes to the default file': {
    1: '$HOME/custom/secrets.json',
    3: { exists: true, mode: '0o600', json: { K: 'v' } },
    4: { exists: false },
    5: '$HOME/custom/secrets.json',
  },
  // R6: no provider is put into the caller's list.
  'set with a provider list lacking a file inserts one at index 1': { 2: { exists: false } },
}

describe('the chain does what the original did, or what was improved', () => {
  it.each(cases.filter(({ name }) => elsewhere[name] === undefined))('$name', async chainCase => {
    await using world = new ChainWorld(chainCase)
    const shown: unknown[] = []
    const wanted: unknown[] = []

    for (const [index, operation] of chainCase.ops.entries()) {
      const result = await world.perform(operation)
      if (result === nothing) continue
      shown.push([operation.op, operation.key, result])
      wanted.push([operation.op, operation.key, instead[chainCase.name]?.[index] ?? expected(operation)])
    }

    expect(shown).toEqual(wanted)
  })

  it('and no case is left out by mistake', () => {
    const named = [...Object.keys(elsewhere), ...Object.keys(instead)]

    expect(cases).toHaveLength(39)
    expect(named.filter(name => !cases.some(chainCase => chainCase.name === name))).toEqual([])
  })
})

/** What the fixture wants of an operation; some improvements are told in words. */
function expected(operation: Operation): unknown {
  const { op, improved, result, raises } = operation
  if (op === 'stat') return expectedFileState(result)
  if (op === 'set')
    return typeof improved === 'string'
      ? !/^(refused|error)/.test(improved) || 'refused'
      : (result === true && raises === undefined) || 'refused'
  return 'improved' in operation && op !== 'delete' ? improved : result
}
