/** Markup that needs no escaping any more. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, `false` and `undefined` are nothing. */
export type HtmlPart = string | number | Html | readonly Html[] | false | undefined

/** Markup from a template; every text put into it is escaped, so that no key or message can become markup. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(render)))
}

function render(part: HtmlPart): string {
  if (part === false || part === undefined) return ''
  if (part instanceof Html) return part.toString()
  if (typeof part === 'object') return part.join('')
  return String(part).replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
