import { inspect } from 'node:util'
import { loopbackCertificatePaths } from '@st/test-servers'
import { describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { faultRows, heldValue } from './__fixtures__/fault-rows.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { ways } from './__fixtures__/reading-ways.ts'
import { credentials, useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

/** Milliseconds by which a call may end after its deadline. */
const toleranceMs = 100
const sensitive = [heldValue, ...Object.values(credentials)]

/** Fails when a call has not ended soon after its deadline. */
async function endsBy<T>(deadlineMs: number, call: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('is still pending')), deadlineMs + toleranceMs)
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}

describe.each(Object.entries(ways))('of %s, a service that', (_way, { options, ask }) => {
  it.each(faultRows)('$title makes a typed error', async ({ start, kinds, details, isEndless = false, trusted }) => {
    await using scene = await start()
    if (trusted) vi.stubEnv('AWS_CA_BUNDLE', loopbackCertificatePaths[trusted])
    const provider = providerOver(scene, options)
    const deadlineMs = isEndless ? 200 : 10_000

    const asking = failureOf(ask(provider, AbortSignal.timeout(deadlineMs)))
    const error = await endsBy(deadlineMs, asking)
    await provider.close()

    expect(kinds).toContain(error.kind)
    expect({ retryAfterMs: undefined, ...error.toJSON() }).toMatchObject({
      provider: 'aws',
      hint: expect.stringMatching(/./),
      ...details,
    })
    expect(error.cause).toBeUndefined()
    const shown = [error.message, error.stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)]
    for (const text of sensitive) expect(shown.join('\n')).not.toContain(text)
    expect(scene.strayRequests()).toBe(0)
    await vi.waitFor(() => expect(scene.openConnections()).toBe(0), { interval: 2 })
  })
})
