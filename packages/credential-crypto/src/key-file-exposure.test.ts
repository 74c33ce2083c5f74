import { describe, expect, it } from 'vitest'
import { keyFileExposure } from './key-file-exposure.ts'

describe('keyFileExposure', () => {
  it.each([0o600, 0o400, 0o700, 0o100_600])('finds nothing wrong with mode %o of its own user', mode => {
    expect(keyFileExposure({ mode, uid: 1000 }, 1000)).toBeUndefined()
  })

  it('finds nothing wrong with a file of root', () => {
    expect(keyFileExposure({ mode: 0o600, uid: 0 }, 1000)).toBeUndefined()
  })

  it.each([0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o666, 0o100_644])('finds mode %o open to others', mode => {
    const exposure = keyFileExposure({ mode, uid: 1000 }, 1000)

    expect(exposure?.problem).toContain(`mode 0${(mode & 0o777).toString(8)}`)
    expect(exposure?.remedy).toBe('chmod 600')
  })

  it('finds a file of another user, who could replace the key', () => {
    const exposure = keyFileExposure({ mode: 0o600, uid: 1001 }, 1000)

    expect(exposure?.problem).toBe('belongs to user 1001, not to user 1000')
    expect(exposure?.remedy).toBe('chown 1000')
  })

  it('does not look where there are no users, as on Windows', () => {
    expect(keyFileExposure({ mode: 0o666, uid: 0 }, undefined)).toBeUndefined()
  })
})
