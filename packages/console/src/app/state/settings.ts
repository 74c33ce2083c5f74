import type { ConsoleSettings, FormRule } from '../../api-shapes.ts'
import type { ConsoleForm } from '../../form-rules.ts'

/** What the server told this page about itself. */
export const settings: ConsoleSettings = readSettings()

/** What a field takes that sends a member of what the API has a schema for. */
export function ruleOf(form: ConsoleForm, name: string): FormRule {
  return settings.rules[form]?.[name] ?? { type: 'text' }
}

function readSettings(): ConsoleSettings {
  const text = document.getElementById('settings')?.textContent ?? '{}'
  // Written by the handler that served this page.
  return JSON.parse(text) as ConsoleSettings
}
