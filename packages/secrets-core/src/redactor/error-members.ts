import { types } from 'node:util'
import { nameOf, prototypesOf } from './object-shape.ts'

/** Whether something is an error, of whichever realm and however made. */
export function isError(value: object): boolean {
  return types.isNativeError(value) || prototypesOf(value).includes(Error.prototype)
}

/** Members that come first; the rest is listed behind them. */
export const ERROR_MEMBERS: readonly string[] = ['name', 'message', 'stack']

/**
 * Own or inherited member of an error, whose getter is run only where Node itself brought it: V8's of the stack, and those
 * of `DOMException`.
 */
export function errorMember(error: object, key: string): PropertyDescriptor | undefined {
  for (const holder of [error, ...prototypesOf(error)]) {
    const member = Object.getOwnPropertyDescriptor(holder, key)
    if (member === undefined) continue
    // oxlint-disable-next-line typescript/unbound-method -- it is called on the error below
    const getter = member.get
    if (getter === undefined || !isNodes(getter, holder)) return member
    return { value: getter.call(error) as unknown }
  }
  return undefined
}

/** Keys of the other members: all own ones, as `cause` and `errors` are not enumerable, but no hidden symbols. */
export function otherErrorKeys(error: object): readonly PropertyKey[] {
  return Reflect.ownKeys(error).filter(key =>
    typeof key === 'string' ? !ERROR_MEMBERS.includes(key) : Object.getOwnPropertyDescriptor(error, key)?.enumerable,
  )
}

function isNodes(getter: () => unknown, holder: object): boolean {
  return holder === DOMException.prototype || isOfV8(getter)
}

/** V8's has no name; bound functions, which look the same otherwise, have one. */
function isOfV8(getter: () => unknown): boolean {
  const isNative = /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(getter))
  return isNative && nameOf(getter) === '' && !types.isProxy(getter)
}
