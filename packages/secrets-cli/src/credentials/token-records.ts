import { csvRecords } from './csv-records.ts'
import { ndjsonRecords } from './ndjson-records.ts'
import type { OnBytes } from './text-chunks.ts'
import type { TokenFile, TokenRecord } from './token-record.ts'

/**
 * The records of a file; their texts, put together, are the file.
 *
 * @throws CliError when the file is not what its type says.
 */
export function tokenRecords(file: TokenFile, onBytes?: OnBytes): AsyncGenerator<TokenRecord> {
  return file.type === 'csv' ? csvRecords(file, onBytes) : ndjsonRecords(file, onBytes)
}
