import { type Signal, signal } from './signal.ts'
import { settings } from './settings.ts'

/** Where in the console the page is: the segments of the path, decoded, and the query. */
export interface Route {
  readonly segments: readonly string[]
  readonly query: URLSearchParams
}

/** The route that the address shows. */
export const route: Signal<Route> = signal(readRoute())

/** What changes should ask before they leave; `undefined` when nothing typed would be lost. */
export const leaveGuard: Signal<(() => boolean) | undefined> = signal<(() => boolean) | undefined>(undefined)

/** The address of a place in the console. */
export function hrefOf(segments: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).flatMap(([name, text]) => (text ? [[name, text]] : [])))
  const path = settings.base + segments.map(encodeURIComponent).join('/')
  return search.size === 0 ? path : `${path}?${search}`
}

/** Goes to an address of the console. */
export function navigate(href: string, { replaces = false }: { readonly replaces?: boolean } = {}): void {
  if (!replaces && leaveGuard.value?.() === false) return
  leaveGuard.value = undefined
  if (replaces) history.replaceState(null, '', href)
  else history.pushState(null, '', href)
  const before = route.value.segments.join('/')
  route.value = readRoute()
  if (replaces || before === route.value.segments.join('/')) return
  scrollTo(0, 0)
  queueMicrotask(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }))
}

/** One filter of a list, kept in the address. */
export function setFilter(name: string, text: string): void {
  const { segments, query } = route.value
  navigate(hrefOf(segments, { ...Object.fromEntries(query), [name]: text }), { replaces: true })
}

/** Follows links inside the console, and the browser's own back and forward. */
export function followLinks(): void {
  addEventListener('popstate', () => (route.value = readRoute()))
  addEventListener('beforeunload', event => {
    if (leaveGuard.value !== undefined) event.preventDefault()
  })
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || !isOrdinary(event) || !isOwn(link)) return
    event.preventDefault()
    navigate(link.pathname + link.search)
  })
}

function isOrdinary({ button, metaKey, ctrlKey, shiftKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey
}

/** Whether a link leads to a view. */
function isOwn({ download, hash, origin, pathname }: HTMLAnchorElement): boolean {
  if (download !== '' || hash !== '' || origin !== location.origin) return false
  return pathname.startsWith(settings.base) && !pathname.startsWith(`${settings.base}api/`)
}

function readRoute(): Route {
  const { pathname, search } = location
  const path = pathname.startsWith(settings.base) ? pathname.slice(settings.base.length) : ''
  return { segments: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(search) }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
