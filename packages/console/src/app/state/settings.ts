import type { ConsoleSettings } from '../../api-shapes.ts'

/** What the server told this page about itself. */
export const settings: ConsoleSettings = readSettings()

function readSettings(): ConsoleSettings {
  const text = document.getElementById('settings')?.textContent ?? '{}'
  // Written by the handler that served this page.
  return JSON.parse(text) as ConsoleSettings
}
