import { truncateSync, writeFileSync } from 'node:fs'
import { fails, holding, json, works, yaml } from './fault-row.ts'
import type { FaultRow } from './fault-row.ts'

/** What a file can hold. */
export const contents: readonly FaultRow[] = [
  { name: 'half-written JSON', arrange: holding('{"TOKEN": "old", "OTH'), ...fails('malformed') },
  { name: 'half-written YAML', file: 's.yaml', arrange: holding('TOKEN: "old\n'), ...fails('malformed') },
  { name: 'an empty JSON file', arrange: holding(''), ...fails('malformed') },
  {
    name: 'an empty YAML file',
    file: 's.yaml',
    arrange: holding(''),
    read: { value: undefined },
    set: 'stored',
    remove: true,
    holdsNothingElse: true,
  },
  { name: 'a byte order mark before JSON', arrange: holding(`\uFEFF${json}`), ...works },
  { name: 'a byte order mark before YAML', file: 's.yaml', arrange: holding(`\uFEFF${yaml}`), ...works },
  { name: 'two byte order marks', arrange: holding(`\uFEFF\uFEFF${json}`), ...fails('malformed') },
  { name: 'UTF-16', arrange: holding(Buffer.from(`\uFEFF${json}`, 'utf16le')), ...fails('malformed') },
  {
    name: 'UTF-16, big-endian',
    arrange: holding(Buffer.from(`\uFEFF${json}`, 'utf16le').swap16()),
    ...fails('malformed'),
  },
  {
    name: 'UTF-16 without a mark',
    file: 's.yml',
    arrange: holding(Buffer.from(yaml, 'utf16le')),
    ...fails('malformed'),
  },
  { name: 'Latin-1', arrange: holding(Buffer.from('{"TOKEN":"é"}', 'latin1')), ...fails('malformed') },
  { name: 'NUL in JSON', arrange: holding('{"TOKEN":"o\0ld"}'), ...fails('malformed') },
  { name: 'NUL in YAML', file: 's.yaml', arrange: holding('TOKEN: o\0ld\n'), ...fails('malformed') },
  { name: 'NUL for a file', arrange: holding(Buffer.alloc(4096)), ...fails('malformed') },
  { name: 'CR LF in JSON', arrange: holding(json.replaceAll('\n', '\r\n')), ...works },
  { name: 'CR LF in YAML', file: 's.yaml', arrange: holding(yaml.replaceAll('\n', '\r\n')), ...works },
  { name: 'a JSON list', arrange: holding('["old"]'), ...fails('malformed') },
  { name: 'a JSON string', arrange: holding('"old"'), ...fails('malformed') },
  { name: 'a YAML list', file: 's.yaml', arrange: holding('- old\n'), ...fails('malformed') },
  { name: 'two YAML documents', file: 's.yaml', arrange: holding(`${yaml}---\n${yaml}`), ...fails('malformed') },
  { name: 'an unknown YAML tag', file: 's.yaml', arrange: holding('TOKEN: !x old\n'), ...fails('malformed') },
  { name: 'a YAML ending in any case', file: 'S.YAML', arrange: holding(yaml), ...works },
  { name: 'a JSON key twice', arrange: holding('{"TOKEN":"first","OTHER":"kept","TOKEN":"old"}'), ...works },
  { name: 'a YAML key twice', file: 's.yaml', arrange: holding(`TOKEN: first\n${yaml}`), ...works },
  {
    name: '__proto__ as a key',
    arrange: holding('{"__proto__": {"polluted": "x"}, "TOKEN": "old", "OTHER": "kept"}'),
    ...works,
  },
  {
    name: 'a number',
    arrange: holding('{"TOKEN": 12345678901234567890, "OTHER": "kept"}'),
    ...works,
    read: { value: '12345678901234567890' },
  },
  { name: 'null', arrange: holding('{"TOKEN": null, "OTHER": "kept"}'), ...works, read: { value: undefined } },
  { name: 'a list for a value', arrange: holding('{"TOKEN": ["x"], "OTHER": "kept"}'), ...works, read: 'invalid' },
  {
    name: 'a mapping for a value',
    file: 's.yaml',
    arrange: holding('TOKEN:\n  a: x\nOTHER: kept\n'),
    ...works,
    read: 'invalid',
  },
]

/** What a file can hold to take time and memory. */
export const bombs: readonly FaultRow[] = [
  {
    name: 'a bomb of YAML aliases',
    file: 's.yaml',
    arrange: holding(
      `${yaml}a0: &a0 [x]\n${Array.from({ length: 60 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]\n`).join('')}`,
    ),
    ...works,
  },
  {
    name: 'a bomb of YAML merges',
    file: 's.yaml',
    arrange: holding(
      `${yaml}m0: &m0 {${Array.from({ length: 200 }, (_, index) => `K${index}: v`).join(', ')}}\n${Array.from({ length: 6 }, (_, level) => `m${level + 1}: &m${level + 1} {<<: [${Array.from({ length: 200 }, () => `*m${level}`).join(', ')}]}\n`).join('')}<<: *m6\n`,
    ),
    ...fails('malformed'),
  },
  { name: 'deep YAML', file: 's.yaml', arrange: holding(`TOKEN: ${'['.repeat(500_000)}`), ...fails('malformed') },
  {
    name: 'deep JSON',
    arrange: holding(`{"TOKEN": "old", "OTHER": "kept", "deep": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    ...works,
  },
  {
    name: '20,000 YAML keys',
    file: 's.yaml',
    arrange: holding(`${yaml}${Array.from({ length: 20_000 }, (_, index) => `k${index}: v\n`).join('')}`),
    ...works,
  },
  {
    name: '50,000 JSON keys',
    arrange: holding(
      `{"TOKEN":"old","OTHER":"kept",${Array.from({ length: 50_000 }, (_, index) => `"k${index}":"v"`).join(',')}}`,
    ),
    ...works,
  },
  {
    name: 'as many bytes as may be read',
    arrange: holding(json),
    options: { maxBytes: json.length },
    ...works,
    set: 'invalid',
  },
  { name: 'one byte too many', arrange: holding(json), options: { maxBytes: json.length - 1 }, ...fails('malformed') },
  { name: '1 MiB and a byte', arrange: holding(json.padEnd(1024 * 1024 + 1)), ...fails('malformed') },
  {
    name: 'a terabyte of nothing',
    arrange: filePath => {
      writeFileSync(filePath, '')
      truncateSync(filePath, 2 ** 40)
    },
    ...fails('malformed'),
  },
]
