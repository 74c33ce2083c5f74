import { expect, it } from 'vitest'
import { html } from './html.ts'

it('html escapes text, keeps markup, joins lists and leaves out nothings', () => {
  const rows = ['<a>', '"b"'].map(text => html`<li>${text}</li>`)

  const markup = html`<ul title="${`'&"`}">${rows}${false}${undefined}${0}</ul>`.toString()

  expect(markup).toBe('<ul title="&#39;&#38;&#34;"><li>&#60;a&#62;</li><li>&#34;b&#34;</li>0</ul>')
})
