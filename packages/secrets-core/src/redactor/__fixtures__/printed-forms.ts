import { escape as queryEscape } from 'node:querystring'
import { inspect } from 'node:util'

/** A value as programs print it, each named for what does so. */
export function printedForms(value: string): Readonly<Record<string, string>> {
  // Half a surrogate pair has no percent-encoding: `encodeURIComponent` throws.
  const percent = value.isWellFormed() ? percentForms(value) : {}
  return { ...jsonForms(value), ...percent, ...byteForms(value), ...inspectedForms(value), 'as it is': value }
}

/** A value in the middle of longer base64, so that each alignment and each number of bytes behind it comes up. */
export function base64Inside(value: string): readonly string[] {
  const texts = ['', 'a', 'bc', 'def', 'ghij'].flatMap(before =>
    ['', 'k', 'lm', 'nop'].map(after => `${before}${value}${after}`),
  )
  return texts.flatMap(text => [Buffer.from(text).toString('base64'), Buffer.from(text).toString('base64url')])
}

function jsonForms(value: string): Record<string, string> {
  const json = within(JSON.stringify(value))
  const forms = {
    'JSON.stringify': json,
    'JSON of Python': escapeUnits(json, unit => unit > '~'),
    'JSON of PHP': escapeUnits(json, unit => unit > '~').replaceAll('/', '\\/'),
    'JSON of Jackson': upperCaseEscapes(escapeUnits(json, unit => unit > '~')),
    'JSON of Go': escapeUnits(json, unit => '<>&\u2028\u2029'.includes(unit)),
    'JSON of Gson': escapeUnits(json, unit => `<>&='\u2028\u2029`.includes(unit)),
    'JSON with escaped slashes': json.replaceAll('/', '\\/'),
    'JSON of .NET': upperCaseEscapes(
      escapeUnits(json.replaceAll('\\"', '\\u0022'), unit => unit > '~' || `&'+<>\``.includes(unit)),
    ),
    'JSON, all escaped': escapeUnits(value, () => true),
    'JSON, all escaped in upper case': upperCaseEscapes(escapeUnits(value, () => true)),
  }
  const twice = Object.entries(forms).map(([name, form]) => [`${name}, in JSON`, within(JSON.stringify(form))])
  return { ...forms, ...Object.fromEntries(twice) }
}

/** Within an object; of arrays with more members, columns are made. */
function inspectedForms(value: string): Record<string, string> {
  const shown = inspect({ value }, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null })
  return { 'util.inspect': shown.slice(`{ value: '`.length, -`' }`.length) }
}

function percentForms(value: string): Record<string, string> {
  const component = encodeURIComponent(value)
  const strict = component.replaceAll(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  const everyByte = Array.from(Buffer.from(value), byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return {
    encodeURIComponent: component,
    'encodeURIComponent in lower case': lowerCaseCodes(component),
    encodeURI: encodeURI(value),
    'RFC 3986': strict,
    'RFC 3986 in lower case': lowerCaseCodes(strict),
    'querystring.escape': queryEscape(value),
    'quote of Python': strict.replaceAll('%2F', '/'),
    'QueryEscape of Go': strict.replaceAll('%20', '+'),
    URLSearchParams: new URLSearchParams({ key: value }).toString().slice('key='.length),
    'the password of a URL': passwordOfUrl(value),
    ...partsOfUrl(value),
    'every byte': everyByte,
    'every byte in upper case': everyByte.toUpperCase(),
    'a query in a query': encodeURIComponent(component),
    'JSON in a query': encodeURIComponent(within(JSON.stringify(value))),
  }
}

function byteForms(value: string): Record<string, string> {
  const bytes = Buffer.from(value)
  const base64 = bytes.toString('base64')
  return {
    base64,
    'base64 without padding': base64.replaceAll('=', ''),
    base64url: bytes.toString('base64url'),
    'base64 in a query': encodeURIComponent(base64),
    'base64 in a query in lower case': lowerCaseCodes(encodeURIComponent(base64)),
    'base64 in the JSON of PHP': base64.replaceAll('/', '\\/'),
    'base64 of JSON': Buffer.from(within(JSON.stringify(value))).toString('base64'),
    hex: bytes.toString('hex'),
    'hex in upper case': bytes.toString('hex').toUpperCase(),
    'JSON of bytes': JSON.stringify(bytes.toJSON().data).slice(1, -1),
    'JSON of bytes, of Python': bytes.toJSON().data.join(', '),
    'util.inspect of bytes': /<Buffer (.*)>/.exec(inspect(bytes.subarray(0, 50)))?.[1] ?? '',
  }
}

function within(json: string): string {
  return json.slice(1, -1)
}

function escapeUnits(json: string, isEscaped: (unit: string) => boolean): string {
  return json
    .split('')
    .map(unit => (isEscaped(unit) ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit))
    .join('')
}

function upperCaseEscapes(json: string): string {
  return json.replaceAll(
    /(?<!\\)((?:\\\\)*\\u)(....)/g,
    (_, start: string, digits: string) => start + digits.toUpperCase(),
  )
}

function lowerCaseCodes(encoded: string): string {
  return encoded.replaceAll(/%../g, code => code.toLowerCase())
}

function partsOfUrl(value: string): Record<string, string> {
  // These are cut out of a URL.
  if (/[\t\n\r]/.test(value)) return {}
  const url = new URL('https://example.org')
  url.search = `?${value}`
  url.hash = `#${value}`
  return { 'the query of a URL': url.search.slice(1), 'the fragment of a URL': url.hash.slice(1) }
}

function passwordOfUrl(value: string): string {
  const url = new URL('https://user@example.org')
  url.password = value
  return url.password
}
