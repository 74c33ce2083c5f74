import { expect, it } from 'vitest'
import { overviewPage } from './overview-page.ts'

it('the page escapes names that come from files and providers', () => {
  const page = overviewPage({
    list: {
      keys: [
        {
          key: '<script>',
          status: 'found',
          source: '"><em>',
          shadowed: [{ provider: '<i>', sameValue: false }],
          steps: [],
        },
      ],
      failed: [{ provider: 'file', kind: 'malformed', message: 'line <1>', hint: 'Mend & reload.' }],
    },
    providers: [],
    changes: [{ changedAt: '2026-01-01', action: 'set', key: '<u>' }],
    secretsFile: '~/<me>',
    origin: 'http://127.0.0.1:8787',
    user: '<strong>',
  }).toString()

  expect(page.match(/<(script|em|i|u|strong|1|me)>/g)).toBeNull()
  expect(page).toContain('line &#60;1&#62; Mend &#38; reload.')
})
