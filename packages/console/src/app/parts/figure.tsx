import type { ComponentChildren, VNode } from 'preact'

/** A figure with its name, in a `dl` of figures. */
export function Figure({ label, children }: { readonly label: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
