import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { CircuitBreaker, CircuitOpenError, type Verdict } from './circuit-breaker.ts'

/** A breaker that opens for 30 seconds after 5 failures, with its clock. */
class Circuit {
  nowMs = 0
  readonly breaker: CircuitBreaker = new CircuitBreaker({ failures: 5, openFor: 30, now: () => this.nowMs })

  async call(verdict: Verdict): Promise<unknown> {
    const failing = verdict !== 'works'
    const call = async (): Promise<string> => {
      if (failing) throw new Error(verdict)
      return 'done'
    }
    const [result] = await Promise.allSettled([this.breaker.run(call, () => verdict)])
    return result.status === 'fulfilled' ? result.value : result.reason
  }

  async calls(...verdicts: readonly Verdict[]): Promise<void> {
    for (const verdict of verdicts) await this.call(verdict)
  }
}

const five: readonly Verdict[] = ['fails', 'fails', 'fails', 'fails', 'fails']

describe('CircuitBreaker', () => {
  it('opens after so many failures in a row, and says for how long', async () => {
    const circuit = new Circuit()
    await circuit.calls('fails', 'fails', 'fails', 'fails')
    const atFour = circuit.breaker.state

    await circuit.calls('fails')
    circuit.nowMs = 10_000
    const refused = await circuit.call('works')

    expect([atFour, circuit.breaker.state]).toEqual(['closed', 'open'])
    expect(refused).toBeInstanceOf(CircuitOpenError)
    expect(refused).toMatchObject({ name: 'CircuitOpenError', opensInMs: 20_000 })
  })

  it('makes no call while it is open', async () => {
    const circuit = new Circuit()
    await circuit.calls(...five)
    let calls = 0

    await rejectionOf(
      circuit.breaker.run(
        async () => (calls += 1),
        () => 'fails',
      ),
    )

    expect(calls).toBe(0)
  })

  it('counts only failures in a row', async () => {
    const circuit = new Circuit()

    await circuit.calls('fails', 'fails', 'fails', 'fails', 'works', 'fails')

    expect(circuit.breaker.state).toBe('closed')
  })

  it('takes a refusal for a sign of life, and learns nothing from a call that was given up', async () => {
    const circuit = new Circuit()
    await circuit.calls('fails', 'fails', 'fails', 'fails')
    const refusing = circuit.breaker.run(
      () => Promise.reject(new Error('refused')),
      () => 'works',
    )
    await rejectionOf(refusing)

    await circuit.calls('fails', 'fails', 'fails', 'fails', 'unknown')
    const before = circuit.breaker.state
    await circuit.calls('fails')

    expect([before, circuit.breaker.state]).toEqual(['closed', 'open'])
  })

  it('lets one probe through when the time is up, and closes when it succeeds', async () => {
    const circuit = new Circuit()
    await circuit.calls(...five)
    circuit.nowMs = 30_000
    const { promise, resolve } = Promise.withResolvers<string>()
    const before = circuit.breaker.state
    const flags: boolean[] = []

    const probe = circuit.breaker.run(
      async isProbe => {
        flags.push(isProbe)
        return promise
      },
      () => 'fails',
    )
    const during = circuit.breaker.state
    const second = await circuit.call('works')
    resolve('back')

    expect([before, during, flags]).toEqual(['half_open', 'open', [true]])
    expect(second).toMatchObject({ name: 'CircuitOpenError', opensInMs: 0 })
    expect([await probe, circuit.breaker.state]).toEqual(['back', 'closed'])
  })

  it('opens for as long again when the probe fails', async () => {
    const circuit = new Circuit()
    await circuit.calls(...five)
    circuit.nowMs = 31_000
    await circuit.calls('fails')

    circuit.nowMs = 60_999
    const before = circuit.breaker.state
    circuit.nowMs = 61_000

    expect([before, circuit.breaker.state]).toEqual(['open', 'half_open'])
  })

  it('lets another probe through when the first was given up', async () => {
    const circuit = new Circuit()
    await circuit.calls(...five)
    circuit.nowMs = 30_000

    await circuit.calls('unknown')

    expect(circuit.breaker.state).toBe('half_open')
    expect(await circuit.call('works')).toBe('done')
  })

  it('does not stay open for longer because of calls that were under way when it opened', async () => {
    const circuit = new Circuit()
    const held = Promise.withResolvers<never>()
    const late = rejectionOf(
      circuit.breaker.run(
        async () => held.promise,
        () => 'fails',
      ),
    )
    await circuit.calls(...five)
    circuit.nowMs = 29_000

    held.reject(new Error('late'))
    await late
    circuit.nowMs = 30_000

    expect(circuit.breaker.state).toBe('half_open')
  })

  it('closes when a call that was under way succeeds', async () => {
    const circuit = new Circuit()
    const held = Promise.withResolvers<string>()
    const late = circuit.breaker.run(
      async () => held.promise,
      () => 'fails',
    )
    await circuit.calls(...five)

    held.resolve('slow')
    await late

    expect(circuit.breaker.state).toBe('closed')
  })
})
