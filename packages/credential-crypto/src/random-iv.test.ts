import { expect, it } from 'vitest'
import { wipedContents } from './__fixtures__/wiped-contents.ts'
import { writeRandomIv } from './random-iv.ts'

it('writes 16 other bytes each time, also from one draw to the next, and nothing around them', () => {
  const target = Buffer.alloc(20)
  const written = Array.from({ length: 600 }, () => {
    writeRandomIv(target, 2)
    return target.toString('hex')
  })

  expect(new Set(written).size).toBe(600)
  for (const text of written) expect(text).toMatch(/^0000.{32}0000$/)
})

it('keeps no copy', async () => {
  const target = Buffer.alloc(16)

  const wiped = await wipedContents(() => writeRandomIv(target, 0))

  expect(wiped).toEqual([target.toString('latin1')])
})
