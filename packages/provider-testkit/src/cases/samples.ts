/**
 * Keys that trip over prototypes, paths, URLs, YAML and shells. They stay distinct when they are upper-cased and their
 * dashes and dots become underscores, as an environment does.
 */
export const unusualKeys: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'with.dot',
  'with-dash',
  'with space',
  'with/slash',
  '../parent',
  'with\\backslash',
  'with:colon',
  'with: colon and space',
  'with#hash',
  'with?question',
  'with=equals',
  'with%2Fescape',
  `with'single"double`,
  'with\nnewline',
  '0',
  '0123',
  'true',
  'null',
  '~',
  '<<',
  'ключ',
  '密钥',
  '🔑',
  'k'.repeat(1000),
]

/** Keys that break what builds a path, a header or a URL of them. */
export const extremeKeys: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '/',
  '\0',
  'nul\0inside',
  '\r\nX-Injected: 1',
  'e\u0301\u202e',
  '🔑'.repeat(100),
  'k'.repeat(65_536),
]

/** Values that parsers, shells and trimming change. */
export const unusualValues: readonly string[] = [
  'plain',
  ' leading and trailing ',
  '\ttab\t',
  'trailing newline\n',
  '\n\nleading newlines',
  'two\nlines',
  'carriage\r\nreturn',
  `both "double" and 'single' quotes`,
  'back\\slash \\n \\u0041',
  '密钥 🔑 é',
  '0123',
  '12345678901234567890',
  '1e5',
  '1.10',
  'NO',
  'true',
  'null',
  '~',
  '2026-01-01',
  '{"json": ["text", 1]}',
  '[1, 2]',
  '# no comment',
  'key: value',
  '- item',
  '---',
  '&anchor',
  '*alias',
  '!tag',
  '%41',
  '$HOME `id` ${HOME}',
  '=',
  'v'.repeat(10_000),
]

/** A record with every pair as own properties, `__proto__` included. */
export function recordOf(pairs: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs)
}

/** Each unusual key with a value of its own. */
export function unusualSecrets(): Readonly<Record<string, string>> {
  return recordOf(unusualKeys.map((key, index) => [key, `value-${index}`]))
}
