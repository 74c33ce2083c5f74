import { execFileSync } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import { isProcessNowReplaced, processNow } from './process-time.ts'

/** Prints whether Node has loaded the module of the clock after some code. */
function hasLoadedClock(code: string): boolean {
  const index = JSON.stringify(new URL('index.ts', import.meta.url).href)
  const program = `
    const { TTLCache } = await import(${index})
    ${code}
    console.log(process.moduleLoadList.includes('NativeModule perf_hooks'))
  `
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }) === 'true\n'
}

describe('the clock of the process', () => {
  it('is known to be replaced when that was done before its first reading', () => {
    const spy = vi.spyOn(performance, 'now').mockReturnValue(7)
    const replaced = [processNow(), isProcessNowReplaced()]
    spy.mockRestore()

    expect(replaced).toEqual([7, true])
    expect(isProcessNowReplaced()).toBe(false)
  })

  it('is loaded by the first cache that is used, not by the import', () => {
    expect(hasLoadedClock('')).toBe(false)
    expect(hasLoadedClock('new TTLCache().set("a", 1)')).toBe(true)
  })
})
