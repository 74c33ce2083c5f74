import { describe, expect, it } from 'vitest'
import type { FileContent } from './file-content.ts'
import { fileValue } from './file-value.ts'

function contentWith(text: string): FileContent {
  const state = { device: 0n, inode: 0n, size: 0n, modifiedNs: 0n, changedNs: 0n }
  return { text, state, access: { uid: 0, mode: 0 }, isSettled: true }
}

describe('fileValue', () => {
  it.each([
    ['secret', 'secret'],
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    ['secret\n\n', 'secret\n'],
    ['secret\r\n\r\n', 'secret\r\n'],
    ['secret\r', 'secret\r'],
    ['secret \t\n', 'secret \t'],
    ['\n', ''],
    ['', ''],
    ['-----BEGIN KEY-----\nx\n-----END KEY-----\n', '-----BEGIN KEY-----\nx\n-----END KEY-----'],
  ])('reads %j as %j', (text, value) => {
    expect(fileValue(contentWith(text))).toBe(value)
  })

  it('refuses null characters, and quotes nothing', () => {
    const utf16 = Buffer.from('value-canary-3d1e', 'utf16le').toString('utf8')

    expect(() => fileValue(contentWith(utf16))).toThrow(/^holds null characters, as no text does$/)
  })
})
