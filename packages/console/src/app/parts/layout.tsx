import type { ComponentChildren, VNode } from 'preact'
import { useId } from '../state/use-id.ts'
import { t } from '../words/translate.ts'

/** The top of a view. */
export interface ViewHeaderProps {
  readonly title: ComponentChildren
  /** Where the list is that the thing shown is part of. */
  readonly trail?: readonly [text: string, href: string]
  /** Badges and buttons beside the title. */
  readonly children?: ComponentChildren
}

/** The title of a view, with what can be done there. */
export function ViewHeader({ title, trail, children }: ViewHeaderProps): VNode {
  return (
    <>
      {trail !== undefined && <Trail to={trail} />}
      <header class="view">
        <h1>{title}</h1>
        {children && <div class="actions">{children}</div>}
      </header>
    </>
  )
}

/** The way back to a list: its name and where it is. */
export function Trail({ to: [text, href] }: { readonly to: readonly [text: string, href: string] }): VNode {
  return (
    <nav class="trail" aria-label={t('Trail')}>
      <a href={href}>{text}</a>
    </nav>
  )
}

/** A part of a view. */
export interface CardProps {
  readonly title: ComponentChildren
  /** Badges and buttons beside the title. */
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

/** A part of a view with a title of its own. */
export function Card({ title, actions, children }: CardProps): VNode {
  const id = useId()
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
