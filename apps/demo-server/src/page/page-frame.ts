import { type Html, html, type HtmlPart } from './html.ts'

/** A whole page. */
export function pageFrame({ title, header, main }: { title: string; header: HtmlPart; main: HtmlPart }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
        <script type="module" src="/forms.js"></script>
      </head>
      <body>
        <header>${header}</header>
        <main>${main}</main>
      </body>
    </html>`
}
