/** Text that stands for a number; TypeScript's library does not know of it yet. */
interface RawJson {
  rawJSON(text: string): unknown
}

/**
 * Reads JSON so that `JSON.stringify` writes each number as it was written: `12345678901234567890` and `1.10` stay. For
 * documents that are changed and stored again; the numbers in them are no JavaScript numbers.
 *
 * @throws SyntaxError as `JSON.parse` does; its message may quote the text.
 */
export function parseLosslessJson(text: string): unknown {
  return JSON.parse(text, numberAsWritten)
}

function numberAsWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  // Every supported Node has it.
  return typeof value === 'number' ? (JSON as unknown as RawJson).rawJSON(context?.source ?? String(value)) : value
}
