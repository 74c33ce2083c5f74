import { types } from 'node:util'
import { prototypesOf } from './object-shape.ts'

type Reader = readonly [is: (value: object) => boolean, read: (value: object) => unknown]

/** Read past whatever the object itself has put in the way. */
const READERS: readonly Reader[] = [
  [types.isStringObject, value => String.prototype.valueOf.call(value)],
  [types.isNumberObject, value => Number.prototype.valueOf.call(value)],
  [types.isBooleanObject, value => Boolean.prototype.valueOf.call(value)],
  [types.isBigIntObject, value => BigInt.prototype.valueOf.call(value)],
  [types.isSymbolObject, value => Symbol.prototype.valueOf.call(value)],
  [types.isDate, dateText],
  [types.isRegExp, value => RegExp.prototype.toString.call(value)],
  [value => prototypesOf(value).includes(URL.prototype), value => URL.prototype.toString.call(value)],
  [
    value => prototypesOf(value).includes(URLSearchParams.prototype),
    value => URLSearchParams.prototype.toString.call(value),
  ],
]

/** What an object is a box around, or is written as; `undefined` for all others. */
export function primitiveOf(value: object): unknown {
  return READERS.find(([is]) => is(value))?.[1](value)
}

function dateText(value: object): string {
  const time = Date.prototype.getTime.call(value)
  return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString()
}
