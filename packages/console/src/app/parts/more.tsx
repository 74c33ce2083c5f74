import { Button } from './button.tsx'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** An end at which a list goes on: shows the next part when it comes into sight, or when it is pressed. */
export function More({
  label,
  onMore,
}: {
  readonly label: string
  /** Absent where there is no more. */
  readonly onMore: (() => void) | undefined
}): VNode | null {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (button.current === null || onMore === undefined) return undefined
    // A busy page is told at once that it was out of sight and that it has come into it.
    const look: IntersectionObserverCallback = seen => seen.some(({ isIntersecting }) => isIntersecting) && onMore()
    const observer = new IntersectionObserver(look, { rootMargin: '300px' })
    observer.observe(button.current)
    return () => observer.disconnect()
  }, [onMore])
  if (onMore === undefined) return null
  return (
    <Button ref={button} class="more" onClick={onMore}>
      {label}
    </Button>
  )
}
