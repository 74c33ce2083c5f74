const plain = /^[A-Za-z_][\w./+-]*$/
/** What YAML 1.1 readers, such as Python's, take for booleans and null. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i
/** What JSON leaves as it is and some YAML reader refuses or takes for a line break: DEL, C1, LS, PS, BOM. */
const refused = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g

/**
 * A string as a YAML scalar on one line: plain where no reader could take it for something else, else in double quotes.
 *
 * @param inFlow - Inside of braces, where everything is quoted so that JSON text stays JSON.
 */
export function yamlScalar(text: string, inFlow: boolean): string {
  return !inFlow && plain.test(text) && !reserved.test(text) ? text : quoted(text)
}

function quoted(text: string): string {
  // A JSON string is a YAML double-quoted scalar (YAML 1.2 §1.2).
  return JSON.stringify(text).replaceAll(
    refused,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
