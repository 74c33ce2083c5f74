import { expect, it } from 'vitest'
import { recorded, told } from '../testing/answers.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'

const l40s = { name: 'L40S (48GB)', cost_per_second: 0.000975 }

function put(server: RunningServer, hardware: unknown, version: string): Promise<Response> {
  return server.send('/api/hardware', { method: 'PUT', json: { hardware }, headers: { 'if-match': version } })
}

it('prices are the default ones until they are replaced, each time by who has read the ones before', async () => {
  await using server = await runServer()
  const h100 = { name: 'H100', cost_per_second: 0.001525 }

  const before = await server.send('/api/hardware')
  const replaced = await put(server, { 'gpu-h100': h100 }, before.headers.get('etag') ?? '')
  const stale = await told(put(server, { 'gpu-h100': h100 }, '"0"'))
  const after = await server.send('/api/hardware')
  const back = await told(put(server, {}, '"1"'))

  expect(before.headers.get('etag')).toBe('"0"')
  expect(await before.json()).toMatchObject({
    hardware: { 'gpu-l40s': l40s, 'gpu-a100-large': { cost_per_second: 0.0014 } },
    isConfigured: false,
    version: 0,
    profiles: expect.arrayContaining([{ id: 'h100-x2', label: '2x H100', hardware: 'gpu-h100', gpus: 2 }]),
  })
  expect([replaced.status, replaced.headers.get('etag'), stale]).toEqual([200, '"1"', [412, 'STALE_VERSION']])
  expect(after.headers.get('etag')).toBe('"1"')
  expect(await after.json()).toMatchObject({ hardware: { 'gpu-h100': h100 }, isConfigured: true, version: 1 })
  expect(back).toMatchObject([200, { hardware: { 'gpu-l40s': l40s }, isConfigured: false, version: 2 }])
  expect(await recorded(server, 'provider.configured')).toMatchObject([
    { outcome: 'done', targetId: 'replicate' },
    { outcome: 'refused', details: { code: 'STALE_VERSION' } },
    { outcome: 'done' },
  ])
})

it('prices that a configuration holds have names, whether or not it has', async () => {
  await using server = await runServer()
  const json = { hardware_info: { a: { cost_per_second: 1, note: 'x' }, b: { cost_per_second: 2, name: 5 } } }
  await server.send('/api/hardware')

  await server.send('/api/cloud/providers/replicate/config', { method: 'PUT', json, headers: { 'if-match': '"0"' } })

  expect(await told(server.send('/api/hardware'))).toMatchObject([
    200,
    { hardware: { a: { name: 'a', cost_per_second: 1 }, b: { name: 'b', cost_per_second: 2 } }, version: 1 },
  ])
})

it('what is no table of prices is refused, and so is who may not configure', async () => {
  await using server = await runServer()
  const viewer = await server.makeUser('ann', 'viewer')
  const tables = [
    { g: { name: 'G', cost_per_second: true } },
    { g: { name: 'G', cost_per_second: '1' } },
    { g: { name: 'G', cost_per_second: -1 } },
    { g: { name: '', cost_per_second: 1 } },
    { g: { cost_per_second: 1 } },
    { g: { name: 'G', cost_per_second: 1, more: 1 } },
    { 'g\n': { name: 'G', cost_per_second: 1 } },
    { '': { name: 'G', cost_per_second: 1 } },
    [],
    null,
  ]

  const answers = await Promise.all(tables.map(table => told(put(server, table, '*'))))
  const huge = await told(
    server.send('/api/hardware', {
      method: 'PUT',
      json: '{"hardware":{"g":{"name":"G","cost_per_second":1e999}}}',
      headers: { 'if-match': '*' },
    }),
  )
  const others = [
    await told(server.send('/api/hardware', { as: viewer, method: 'PUT', json: { hardware: {} } })),
    await told(server.send('/api/hardware', { method: 'PUT', json: { hardware: {} } })),
    await told(server.send('/api/hardware', { as: null })),
  ]

  expect(answers).toEqual(tables.map(() => [400, 'INVALID_REQUEST']))
  expect(huge).toEqual([400, 'INVALID_REQUEST'])
  expect(others).toEqual([
    [403, 'PERMISSION_NEEDED'],
    [428, 'IF_MATCH_NEEDED'],
    [401, 'SIGN_IN_NEEDED'],
  ])
  expect(await told(server.send('/api/hardware'))).toMatchObject([200, { version: 0 }])
})

it('costs are exact, or rounded as invoices are', async () => {
  await using server = await runServer()
  const cost = async (usage: unknown): Promise<unknown> => {
    const [status, body] = await told(server.send('/api/hardware/cost', { json: usage }))
    return status === 200 ? (body as { readonly cost: string }).cost : [status, body]
  }
  const hardware = 'gpu-l40s'

  const answers = {
    seconds: await cost({ hardware, seconds: 7 }),
    cents: await cost({ profile: 'l40s-x2', seconds: 5400, digits: 2 }),
    hours: await cost({ hardware, hours: 1.1 }),
    gpus: await cost({ hardware, hours: 1, gpus: 3 }),
    half: await cost({ hardware: 'gpu-a100-large', seconds: 0.5, digits: 3 }),
    largest: await cost({ hardware, hours: 1e12, gpus: 100_000 }),
    none: await cost({ hardware, seconds: 0 }),
    both: await cost({ hardware, seconds: 1, hours: 1 }),
    neither: await cost({ hardware }),
    profileWithGpus: await cost({ profile: 'l40s', gpus: 2, seconds: 1 }),
    nothing: await cost({}),
    unknownProfile: await cost({ profile: 'b200', seconds: 1 }),
    unpriced: await cost({ profile: 'h100', seconds: 1 }),
    inherited: await cost({ hardware: 'constructor', seconds: 1 }),
    negative: await cost({ hardware, seconds: -1 }),
    text: await cost({ hardware, seconds: '1' }),
  }

  expect(answers).toEqual({
    seconds: '0.006825',
    cents: '10.53',
    hours: '3.861',
    gpus: '10.53',
    half: '0.001',
    largest: '351000000000000000',
    none: '0',
    both: [400, 'AMBIGUOUS_USAGE'],
    neither: [400, 'AMBIGUOUS_USAGE'],
    profileWithGpus: [400, 'AMBIGUOUS_USAGE'],
    nothing: [400, 'AMBIGUOUS_USAGE'],
    unknownProfile: [400, 'UNKNOWN_PROFILE'],
    unpriced: [404, 'HARDWARE_NOT_FOUND'],
    inherited: [404, 'HARDWARE_NOT_FOUND'],
    negative: [400, 'INVALID_REQUEST'],
    text: [400, 'INVALID_REQUEST'],
  })
})
