import type { JSX, VNode } from 'preact'

/** A button that does something on the page; of those that send a form, the form takes care. */
export function Button(attributes: JSX.IntrinsicElements['button']): VNode {
  return <button type="button" {...attributes} />
}
