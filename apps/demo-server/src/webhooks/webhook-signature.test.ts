import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { signWebhook, webhookFault, type ReceivedWebhook } from './webhook-signature.ts'

interface RecordedCase {
  readonly name: string
  readonly secret: string
  readonly timestamp: string
  readonly now: number
  readonly body: string
  readonly id: string
  readonly signature: string
  /** An object when SimpleTuner failed. */
  readonly valid: boolean | object
}

// Written by the generator of the recordings.
const recorded = JSON.parse(
  readFileSync(new URL('__fixtures__/webhook-signature.json', import.meta.url), 'utf8'),
) as readonly RecordedCase[]

/** Where R134 asks for something else than what was recorded. */
const refused = new Set(['timestamp with spaces', 'non-ASCII signature'])

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`
const now = 1_700_000_000
const webhook = { id: 'msg_1', timestamp: String(now), body: Buffer.from('{"event":"test"}') }
const signature = signWebhook(webhook, secret)

function faultOf(changed: Partial<ReceivedWebhook>, secrets: readonly string[] = [secret]): string | undefined {
  return webhookFault({ ...webhook, signature, ...changed }, { secrets, now })
}

describe('webhookFault', () => {
  it.each(recorded)('answers as recorded: $name', ({ name, body, secret: given, now: time, valid, ...rest }) => {
    const fault = webhookFault({ ...rest, body: Buffer.from(body) }, { secrets: [given], now: time })

    expect(fault === undefined).toBe(refused.has(name) ? false : valid)
  })

  it('has all recordings', () => {
    expect(recorded).toHaveLength(21)
  })

  it.each([
    ['id', { id: 'msg_2' }],
    ['timestamp', { timestamp: String(now + 1) }],
    ['body', { body: Buffer.from('{"event":"tests"}') }],
    ['line end of the body', { body: Buffer.from('{"event":"test"}\n') }],
  ])('refuses another %s than the one that was signed', (_, changed) => {
    expect(faultOf(changed)).toBe('signature')
  })

  it('accepts either secret of a rotation, and no third', () => {
    const next = Buffer.from('the next secret').toString('base64')

    expect(faultOf({}, [next, secret])).toBeUndefined()
    expect(faultOf({ signature: signWebhook(webhook, next) }, [next, secret])).toBeUndefined()
    expect(faultOf({ signature: signWebhook(webhook, next) })).toBe('signature')
  })

  it('passes over a secret that cannot sign, and says so when there is no other', () => {
    expect(faultOf({}, ['no base64!', secret])).toBeUndefined()
    expect(faultOf({}, ['no base64!', ''])).toBe('secret')
    expect(faultOf({}, [])).toBe('secret')
    expect(() => signWebhook(webhook, 'no base64!')).toThrow(TypeError)
  })

  it.each([
    '',
    ' ',
    '+1700000000',
    '1e9',
    '1_700_000_000',
    '１７００００００００',
    '-1700000000',
    '17000000000000000000',
  ])('refuses the timestamp %o', timestamp => {
    expect(faultOf({ timestamp, signature: signWebhook({ ...webhook, timestamp }, secret) })).toBe('timestamp')
  })

  it.each(['v1', 'v1,', 'v1,=', `v1,${'é'.repeat(44)}`, 'V1,AAAA', '\u0000', 'v1,'.repeat(10_000)])(
    'takes what is no signature for none: %o',
    given => {
      expect(faultOf({ signature: given })).toBe('signature')
      expect(faultOf({ signature: `${given} ${signature}` })).toBeUndefined()
    },
  )
})
