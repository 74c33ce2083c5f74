import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkWebhookUrl } from './webhook-url.ts'

interface RecordedCase {
  readonly url: string | null
  readonly result?: string | null
  readonly detail?: string
}

// Written by the generator of the recordings.
const recorded = JSON.parse(
  readFileSync(new URL('__fixtures__/webhook-url.json', import.meta.url), 'utf8'),
) as readonly RecordedCase[]

describe('checkWebhookUrl', () => {
  it.each(recorded)('answers for $url as recorded, where private addresses are allowed', ({ url, result, detail }) => {
    // No such URL can be asked for anything.
    const problem = url === 'https://exa mple.com' ? 'Invalid webhook URL: Invalid URL format' : detail

    expect(checkWebhookUrl(url, true)).toEqual(problem === undefined ? { url: result ?? undefined } : { problem })
  })

  it('has all recordings', () => {
    expect(recorded).toHaveLength(18)
  })

  it.each([
    'http://169.254.169.254/latest',
    'http://localhost:8080',
    'http://LOCALHOST./x',
    'http://a.localhost/',
    'http://metadata.google.internal/',
    'http://printer.local/',
    'http://127.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://0/',
    'http://[::1]:80/',
    'http://[::ffff:7f00:1]/',
    'http://[fd00:ec2::254]/',
    'http://①②⑦.0.0.1/',
    'http://user:pw@10.0.0.1/',
  ])('refuses %s, which is not public', url => {
    expect(checkWebhookUrl(url, false)).toEqual({ problem: 'Invalid webhook URL: the address is not public' })
  })

  it.each([
    'https://example.com/x',
    'http://1.1.1.1:8080/',
    'https://[2606:4700::1111]/',
    'https://localhost.example.com/',
  ])('accepts %s', url => {
    expect(checkWebhookUrl(url, false)).toEqual({ url })
  })
})
