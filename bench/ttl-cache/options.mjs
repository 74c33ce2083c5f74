import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { lastCore } from './processes.mjs'

const built = fileURLToPath(new URL('../../packages/ttl-cache/dist/index.js', import.meta.url))

/**
 * The command line of a script: numbers where the default is one, lists where it is an array.
 *
 * @param {Record<string, number | string[]>} defaults Beside `core` and `ours`, which every script has.
 */
export function readOptions(defaults) {
  const all = { core: lastCore(), ...defaults }
  const options = Object.fromEntries(Object.keys(all).map(name => [name, { type: 'string' }]))
  const { values } = parseArgs({ options: { ...options, ours: { type: 'string' } } })
  const given = Object.entries(all).map(([name, preset]) => [name, values[name] ? parse(values[name], preset) : preset])
  return { ...Object.fromEntries(given), ours: pathToFileURL(values.ours ?? built).href }
}

function parse(text, preset) {
  if (Array.isArray(preset)) return text.split(',')
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`${text} is not a whole number`)
  return number
}
