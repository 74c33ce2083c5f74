import { types } from 'node:util'

/** What an object inherits from, as far as that can be seen without running code of a proxy. */
export function prototypesOf(value: object): readonly object[] {
  const prototypes: object[] = []
  for (let next = prototypeOf(value); next !== null && !types.isProxy(next); next = prototypeOf(next)) {
    prototypes.push(next)
  }
  return prototypes
}

/** Name of the class that made an object; `'Object'` where that cannot be seen. */
export function classNameOf(value: object): string {
  const constructors = prototypesOf(value).map(prototype => dataOf(prototype, 'constructor'))
  const maker = constructors.find(constructor => typeof constructor === 'function')
  return (maker && nameOf(maker)) || 'Object'
}

/** Name of a function, unless it has given itself another thing for one. */
export function nameOf(value: object): string {
  const name = types.isProxy(value) ? undefined : dataOf(value, 'name')
  return typeof name === 'string' ? name : ''
}

function dataOf(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}

function prototypeOf(value: object): object | null {
  // The declared type is `any`; there is nothing else that a prototype can be.
  return Object.getPrototypeOf(value) as object | null
}
