import type { ConsoleSettings } from './api-shapes.ts'
import { assetFiles } from './asset-files.ts'

/** The page; all that changes in it is escaped. */
export function page(settings: ConsoleSettings): string {
  const { script, style, words } = assetFiles()
  const assets = escaped(`${settings.base}assets/`)
  return `<!doctype html>
<html lang="en" spellcheck="false" data-en="${assets}${words.en}" data-zh="${assets}${words.zh}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(settings.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets}${style}">
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', String.raw`\u003c`)}</script>
<script type="module" src="${assets}${script}"></script>
</head>
<body><noscript>This page takes JavaScript. / 此页面需要 JavaScript。</noscript></body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
