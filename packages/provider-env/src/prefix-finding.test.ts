import { describe, expect, it } from 'vitest'
import { prefixFinding } from './prefix-finding.ts'

describe('prefixFinding', () => {
  it.each(['', 'APP', 'MY_APP_2', '_', 'APP_'])('finds nothing wrong with %j', prefix => {
    expect(prefixFinding(prefix)).toBeUndefined()
  })

  it.each([
    ['app', 'APP'],
    ['My-App', 'MY_APP'],
    ['my.app', 'MY_APP'],
    ['A P', 'A_P'],
    ['2FA', '_2FA'],
    ['Ä', '_'],
  ])('finds fault with %j, and suggests %s', (prefix, suggestion) => {
    const finding = prefixFinding(prefix)

    expect(finding).toMatchObject({ id: 'env.prefix', severity: 'warning' })
    expect(finding?.fix).toBe(`Use the prefix ${suggestion}.`)
  })
})
