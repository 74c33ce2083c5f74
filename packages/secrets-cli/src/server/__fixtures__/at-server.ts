import { homedir } from 'node:os'
import type { LoopbackServer } from '@st/test-servers'
import { inProcess, type Outcome } from '../../__fixtures__/in-process.ts'

/** Part of every token and value: no output may hold it. */
export const canary = 'r10_canary_c41d'

/** The API token that is sent. */
export const token: string = `st_1_${canary}_token`

/** Variables of a command that is to find a server. */
export function serverEnv({ url }: Pick<LoopbackServer, 'url'>): Readonly<Record<string, string>> {
  return { HOME: homedir(), PATH: process.env['PATH'] ?? '', ST_SERVER: url, ST_TOKEN: token }
}

/** Runs a command line against a server, in this process. */
export async function atServer(
  server: LoopbackServer,
  inputs: readonly string[],
  input: string | Uint8Array = '',
): Promise<Outcome> {
  return inProcess(inputs, { env: serverEnv(server), input })
}

/** What was asked, in short: `POST /api/caches`. */
export function asked({ requests }: LoopbackServer): readonly string[] {
  return requests.map(({ method, path }) => `${method} ${path}`)
}
