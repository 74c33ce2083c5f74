// The synchronous works: the state of the cache before, and the source of one operation.

const read = snippets => `const found = ${snippets.get}; sum = (sum + (found ? found.id : -1)) | 0`

/**
 * @typedef {object} Work
 * @property {'empty' | 'full' | 'kept'} before A new empty cache; a new full one; or one full cache for all repetitions.
 * @property {(snippets: import('./contenders.mjs').Contender) => string} operation Body of the loop over `i`; adds to
 *   `sum` what it read.
 * @property {(snippets: import('./contenders.mjs').Contender) => string} [floor] The same on a plain Map, if it differs.
 * @property {boolean} [evicts] Each operation makes another entry leave; every other pass exchanges `keys` and `others`.
 * @property {boolean} [usesPrefixes] A prefix was invalidated before.
 */

/** @type {Record<string, Work>} */
const plainWorks = {
  'get-hit': {
    before: 'kept',
    operation: snippets => `const key = keys[order[i]]; ${read(snippets)}`,
  },
  'get-miss': {
    before: 'kept',
    operation: snippets => `const key = others[order[i]]; ${read(snippets)}`,
  },
  insert: {
    before: 'empty',
    operation: snippets => `const key = keys[i]; const value = values[i]; ${snippets.set}`,
  },
  update: {
    before: 'kept',
    operation: snippets => `const key = keys[order[i]]; const value = values[i % entries]; ${snippets.set}`,
  },
  mixed: {
    before: 'kept',
    operation: snippets => `const key = keys[order[i]]
      if (isWrite[i] === 1) { const value = values[i % entries]; ${snippets.set} } else { ${read(snippets)} }`,
  },
  delete: {
    before: 'full',
    operation: snippets => `const key = keys[shuffled[i]]; ${snippets.remove}`,
  },
  evict: {
    before: 'kept',
    evicts: true,
    operation: snippets => `const key = others[i]; const value = values[i]; ${snippets.set}`,
    floor: snippets => `const value = values[i]
      { const key = keys[i]; ${snippets.remove} }
      { const key = others[i]; ${snippets.set} }`,
  },
}

const afterPrefixes = ['insert', 'evict', 'delete'].map(name => [
  `${name}+prefix`,
  { ...plainWorks[name], usesPrefixes: true },
])

/** @type {Record<string, Work>} */
export const works = { ...plainWorks, ...Object.fromEntries(afterPrefixes) }
