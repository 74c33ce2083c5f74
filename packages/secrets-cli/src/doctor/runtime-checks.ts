import type { Environment } from '../command-context.ts'
import type { DoctorCheck } from './doctor-check.ts'

/** What is known of the process. */
export interface Runtime {
  /** Of Node: `24.1.0`. */
  readonly nodeVersion: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Environment variables. */
  readonly env: Environment
}

/** The oldest Node that the packages run on. */
const oldestNode = [22, 18] as const

/** This was written later; a clock that shows an earlier time has not been set. */
const writtenAt = Date.UTC(2026, 0, 1)

/** What can be said of Node, the clock and what the environment turns off. */
export function runtimeChecks({ nodeVersion, now, env }: Runtime): readonly DoctorCheck[] {
  return [nodeCheck(nodeVersion), ...clockChecks(now), ...tlsChecks(env)]
}

function nodeCheck(version: string): DoctorCheck {
  const subject = 'node'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  if (!isOld) return { id: 'node.version', status: 'ok', subject, message: `Node ${version}.` }
  const message = `Node ${version} is older than ${oldestNode.join('.')}.`
  return { id: 'node.version', status: 'failed', subject, message, fix: 'Install a newer one.' }
}

function clockChecks(now: number): readonly DoctorCheck[] {
  if (now >= writtenAt) return []
  const message = `The clock of this machine says ${new Date(now).toISOString()}.`
  const fix = 'Set it: certificates and signed requests are refused by it.'
  return [{ id: 'clock.unset', status: 'failed', subject: 'clock', message, fix }]
}

function tlsChecks(env: Environment): readonly DoctorCheck[] {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return []
  const message = 'NODE_TLS_REJECT_UNAUTHORIZED=0 has every connection of Node accept any certificate.'
  const fix = 'Unset it, and name the certificate authority in NODE_EXTRA_CA_CERTS.'
  return [{ id: 'node.tls_unverified', status: 'warning', subject: 'node', message, fix }]
}
