import { randomUUID } from 'node:crypto'
import { parseJsonDocument, parseLosslessJson } from '@st/secrets-core/provider'
import type { AwsCalls } from './aws-calls.ts'
import type { SecretReader } from './secret-reader.ts'
import { secretTextOf } from './secret-value-answer.ts'

/** A member of a JSON object that is to be set or, without a value, removed. */
export interface JsonChange {
  readonly key: string
  readonly value?: string
}

/** The secret that is to be changed. */
export interface JsonSecret {
  readonly name: string
  readonly reader: SecretReader
  readonly calls: AwsCalls
}

/** The label of a version that is not current yet. Moves from write to write, so that labelled versions do not pile up. */
const stagedLabel = 'ST_STAGED'

/**
 * Changes one key of a JSON secret, if the secret is still what was read when the change is stored.
 *
 * AWS has no such condition on storing a value. It has one on moving a staging label, which fails unless the label is at
 * the version that it is to be moved from; so the new version is stored under a label of its own and then made current.
 *
 * @throws SecretError for every failure, of kind `conflict` when somebody else was faster.
 */
export async function changeJsonSecret(
  { name, reader, calls }: JsonSecret,
  change: JsonChange,
  signal: AbortSignal,
): Promise<void> {
  const current = await reader.read(name, {}, signal)
  const { key, value } = change
  if (typeof current === 'string' && value === undefined) return
  if (current === 'missing') {
    const created = JSON.stringify({ [key]: value })
    return calls.require('CreateSecret', { Name: name, SecretString: created }, signal)
  }
  if (current === 'deleted') throw calls.absent(current, 'PutSecretValue', name)
  const origin = { subject: `Secret "${name}"`, provider: calls.provider }
  const text = secretTextOf(current, origin)
  // What is no flat object of secrets is not to be rewritten.
  parseJsonDocument(text, origin)
  const changed = changedJson(text, change)
  if (changed === undefined) return
  const version = randomUUID()
  const content = current.SecretBinary ? { SecretBinary: Buffer.from(changed) } : { SecretString: changed }
  const staged = { SecretId: name, ...content, ClientRequestToken: version, VersionStages: [stagedLabel] }
  await calls.require('PutSecretValue', staged, signal)
  const move = { RemoveFromVersionId: current.VersionId, MoveToVersionId: version }
  await calls.require('UpdateSecretVersionStage', { SecretId: name, VersionStage: 'AWSCURRENT', ...move }, signal)
}

/** The object with its member changed and everything else as it was; `undefined` when there is nothing to change. */
function changedJson(text: string, { key, value }: JsonChange): string | undefined {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  // The caller has seen that it is an object.
  const members = new Map(Object.entries(parseLosslessJson(json) as object))
  if (members.get(key) === value && members.has(key) === (value !== undefined)) return undefined
  if (value === undefined) members.delete(key)
  else members.set(key, value)
  return JSON.stringify(Object.fromEntries(members))
}
