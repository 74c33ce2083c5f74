/**
 * The value of an expression given as text. A function made so is compiled apart from all others and has type feedback
 * of its own, also when the text is the same.
 */
export function evaluate(expression) {
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is put together from snippets of this folder
  return new Function(`'use strict'; return ${expression}`)()
}
