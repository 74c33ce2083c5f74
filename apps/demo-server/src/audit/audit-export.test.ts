import { describe, expect, it } from 'vitest'
import type { AuditEntry } from './audit-event.ts'
import { auditCsv, auditNdjson } from './audit-export.ts'

const entry: AuditEntry = {
  sequence: 1,
  occurredAt: '2026-01-01T00:00:00.000Z',
  type: 'secret.set',
  outcome: 'done',
  actorId: null,
  actorName: 'ann',
  actorIp: '::1',
  targetType: 'secret',
  targetId: 'HF_TOKEN',
  requestId: null,
  action: 'Set "HF_TOKEN",\r\nquietly',
  details: { a: 1 },
  previousHash: 'genesis',
  hash: 'ff',
}

async function* of(...entries: readonly AuditEntry[]): AsyncGenerator<AuditEntry, void> {
  yield* entries
}

async function text(parts: AsyncIterable<string>): Promise<string> {
  let whole = ''
  for await (const part of parts) whole += part
  return whole
}

describe('auditNdjson', () => {
  it('writes a line for each entry, and the receipt last', async () => {
    const receipt = { sequence: 1, hash: 'ff', signature: 'aa' }

    const lines = (await text(auditNdjson(of(entry, entry), receipt))).split('\n')

    expect(lines.map(line => (line === '' ? '' : JSON.parse(line)))).toEqual([entry, entry, { receipt }, ''])
  })
})

describe('auditCsv', () => {
  it('writes a table in which every text is quoted', async () => {
    expect(await text(auditCsv(of(entry)))).toBe(
      'sequence,occurredAt,type,outcome,actorId,actorName,actorIp,targetType,targetId,requestId,action,details,previousHash,hash\r\n' +
        '1,"2026-01-01T00:00:00.000Z","secret.set","done",,"ann","::1","secret","HF_TOKEN",,"Set ""HF_TOKEN"",\r\nquietly","{""a"":1}","genesis","ff"\r\n',
    )
  })

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    "=cmd|' /C calc'!A0",
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '\u00A0=1',
  ])('keeps %j from being computed', async name => {
    const csv = await text(auditCsv(of({ ...entry, actorName: name })))

    expect(csv).toContain(`"'${name}"`)
  })

  it('leaves other text as it is', async () => {
    expect(await text(auditCsv(of({ ...entry, actorName: "a=1 o'b" })))).toContain(`"a=1 o'b"`)
  })
})
