import type { Redactor } from '@st/secrets-core/redactor'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { UsageError } from './command-line.ts'

/** Levels of the log, and `silent`. */
const levels: readonly string[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/**
 * The server's log: a line of JSON for each event, on standard error. Whatever is in a line, the values that the redactor
 * knows are masked in it.
 *
 * @param env - `ST_LOG_LEVEL`; default `info`, which has a line for each request.
 * @throws UsageError
 */
export function makeLog(
  redactor: Redactor,
  env: Readonly<Record<string, string | undefined>>,
  stream: DestinationStream = destination(2),
): Logger {
  const level = env['ST_LOG_LEVEL'] || 'info'
  if (!levels.includes(level)) throw new UsageError(`ST_LOG_LEVEL must be one of ${levels.join(', ')}.`)
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      hooks: { streamWrite: line => redactor.text(line) },
    },
    stream,
  )
}
