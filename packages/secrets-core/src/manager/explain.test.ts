import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { down } from '../__fixtures__/failures.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { documentProvider, keyedProvider, provenProvider } from '../__fixtures__/sample-provider.ts'

processWarnings()

describe('explain', () => {
  it('names the providers that are shadowed, and whether their value differs', async () => {
    const providers = [
      keyedProvider('env', { A: 'x' }),
      keyedProvider('file', { A: 'x' }),
      keyedProvider('aws'),
      keyedProvider('vault', { A: 'y' }),
    ]

    const explanation = await managerOf(providers).explain('A')

    expect(explanation).toEqual({
      key: 'A',
      status: 'found',
      source: 'env',
      shadowed: [
        { provider: 'file', sameValue: true },
        { provider: 'vault', sameValue: false },
      ],
      steps: [
        expect.objectContaining({ provider: 'env', outcome: 'hit' }),
        expect.objectContaining({ provider: 'file', outcome: 'hit' }),
        expect.objectContaining({ provider: 'aws', outcome: 'missing' }),
        expect.objectContaining({ provider: 'vault', outcome: 'hit' }),
      ],
    })
  })

  it('asks every provider now, whatever is kept', async () => {
    const [env, vault] = [keyedProvider('env', { A: 'x' }), documentProvider('vault', { A: 'x' })]
    const manager = managerOf([env, vault])
    await manager.get('A')

    await manager.explain('A')
    vault.secrets['A'] = 'y'
    const { shadowed } = await manager.explain('A')

    expect([shadowed, env.reads.length, vault.reads.length]).toEqual([[{ provider: 'vault', sameValue: false }], 3, 2])
  })

  it('asks all at once', async () => {
    const [first, second] = [heldProvider('a'), heldProvider('b')]

    const explaining = managerOf([first, second]).explain('A')
    await new Promise(resolve => setImmediate(resolve))
    const asked = [first.calls.length, second.calls.length]
    first.calls[0]?.resolve('1')
    second.calls[0]?.resolve('1')
    await explaining

    expect(asked).toEqual([1, 1])
  })

  it('is content with what is kept where the caller is', async () => {
    const vault = keyedProvider('vault', { A: 'x' })
    const manager = managerOf([vault])
    await manager.get('A')

    const { steps } = await manager.explain('A', { fresh: false })

    expect([vault.reads.length, steps[0]?.attempts]).toEqual([1, 0])
  })

  it('has the next read give what it has seen', async () => {
    const vault = keyedProvider('vault', { A: 'old' })
    const manager = managerOf([vault])
    await manager.get('A')
    vault.secrets['A'] = 'new'

    await manager.explain('A')

    expect([await manager.get('A'), vault.reads.length]).toEqual(['new', 2])
  })

  it('calls a key unresolved that nobody has and somebody could not be asked for', async () => {
    const broken = keyedProvider('broken')
    broken.failure = down({ hint: 'Start it.' })

    const { status, source, shadowed, steps } = await managerOf([keyedProvider('env'), broken]).explain('A')

    expect([status, source, shadowed]).toEqual(['unresolved', undefined, []])
    expect(steps[1]).toMatchObject({ outcome: 'failed', kind: 'unavailable', hint: 'Start it.' })
  })

  it('says who answers although one above or below fails', async () => {
    const [above, below] = [keyedProvider('above'), keyedProvider('below')]
    above.failure = down()
    below.failure = down()

    const explanation = await managerOf([above, keyedProvider('env', { A: 'x' }), below]).explain('A')

    expect(explanation).toMatchObject({ status: 'found', source: 'env', shadowed: [] })
    expect(explanation.steps.map(({ outcome }) => outcome)).toEqual(['failed', 'hit', 'failed'])
  })

  it('says that nobody answers where the policy ends reads on errors, and who would', async () => {
    const strict = keyedProvider('strict')
    strict.failure = down()
    const manager = managerOf([{ provider: strict, policy: { onError: 'fail' } }, keyedProvider('low', { A: 'x' })])

    const { status, steps } = await manager.explain('A')

    expect([status, steps.map(({ outcome }) => outcome)]).toEqual(['unresolved', ['failed', 'hit']])
    expect((await manager.resolve('A')).status).toBe('unresolved')
  })

  it('tells why a provider was not asked', async () => {
    const off = keyedProvider('off')
    off.available = false
    const manager = managerOf([off, { provider: keyedProvider('some'), accepts: () => false }])

    const { status, steps } = await manager.explain('A')

    expect([status, steps.map(({ detail }) => detail)]).toEqual(['missing', ['not_available', 'not_accepted']])
  })

  it('holds no value', async () => {
    const aws = provenProvider('aws', { A: 'canary-lower' })
    aws.provenance = { version: 'v1', locator: 'arn:aws:app' }

    const explanation = await managerOf([keyedProvider('env', { A: 'canary-upper' }), aws]).explain('A')

    expect(inspect(explanation, { depth: 20, showHidden: true }) + JSON.stringify(explanation)).not.toContain('canary')
    expect(explanation.steps[1]).toMatchObject({ version: 'v1', locator: 'arn:aws:app' })
  })
})
