// Loops over the operations of one contender, compiled apart, so that no two contenders share a call site.
import { evaluate } from './evaluate.mjs'

/** @typedef {import('./contenders.mjs').Contender} Snippets */

/** `count` times one operation of a work; returns the sum of what was read. */
export function compileLoop(snippets, operation) {
  return compile(
    ['cache', 'workload', 'count'],
    `let sum = 0
    for (let i = 0; i < count; i++) { ${operation(snippets)} }
    ${snippets.settle ?? ''}
    return sum`,
  )
}

/** A number that stands for what the cache holds. */
export function compileDigest(snippets) {
  const lookUp = keys => `for (let i = 0; i < entries; i++) {
    const key = ${keys}[i]
    const found = ${snippets.get}
    sum = (Math.imul(sum, 31) + (found ? found.id + 1 : 0)) | 0
  }`
  return compile(['cache', 'workload'], `let sum = 0; ${lookUp('keys')}; ${lookUp('others')}; return sum`)
}

/** Each operation once for a few keys, so that V8 has seen hits and misses, new and old keys, as in a program. */
export function compileRehearsal(snippets) {
  return compile(
    ['cache', 'workload'],
    `const few = Math.min(entries, 20_000)
    let sum = 0
    for (let i = 0; i < few; i++) {
      const value = values[i]
      { const key = keys[i]; ${snippets.set}; ${snippets.set}; if (${snippets.get}) sum++ }
      { const key = others[i]; if (${snippets.get}) sum++ }
    }
    for (let i = 0; i < few; i++) { const key = keys[i]; ${snippets.remove} }
    return sum`,
  )
}

function compile(parameters, body) {
  return evaluate(`(${parameters.join(', ')}) => {
    const { keys, others, values, order, shuffled, isWrite } = workload
    const entries = keys.length
    ${body}
  }`)
}
