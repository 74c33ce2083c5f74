import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { systemErrorCode } from './system-error.ts'

/** A process, told from every other one as far as the system lets us. */
export interface LockHolder {
  readonly pid: number
  /** Where the process id means something. */
  readonly machine: string
  /** When the process began, in the system's own count; absent where it does not say. */
  readonly startedAt?: string | undefined
}

/** This process. */
export async function thisProcess(): Promise<LockHolder> {
  const [machine, entry] = await Promise.all([machineName(), processEntry(process.pid)])
  return { pid: process.pid, machine, startedAt: entry?.startedAt }
}

/** Whether it is sure that a process has ended. Of another machine's process nothing is sure. */
export async function hasEnded({ pid, machine, startedAt }: LockHolder): Promise<boolean> {
  if (machine !== (await machineName())) return false
  if (!isListed(pid)) return true
  const entry = await processEntry(pid)
  if (entry === undefined) return false
  // A zombie is listed until its parent asks for it, which a container's first process may never do.
  if (entry.state === 'Z' || entry.state === 'X') return true
  return startedAt !== undefined && entry.startedAt !== undefined && entry.startedAt !== startedAt
}

/** The holder that a lock names; `undefined` when it names none. */
export function holderNamed(label: string): LockHolder | undefined {
  try {
    const holder: unknown = JSON.parse(label)
    return isHolder(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false
  const { pid, machine, startedAt }: { readonly [K in keyof LockHolder]?: unknown } = value
  return (
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    typeof machine === 'string' &&
    (startedAt === undefined || typeof startedAt === 'string')
  )
}

function isListed(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process may not be signalled, and runs.
    return systemErrorCode(error) === 'EPERM'
  }
}

interface ProcessEntry {
  readonly state: string | undefined
  readonly startedAt: string | undefined
}

/** What Linux says of a process; `undefined` on other systems, and of processes that are hidden from this user. */
async function processEntry(pid: number): Promise<ProcessEntry | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  // State and start are the third and the 22nd field; the second one, a name in parentheses, may hold blanks and
  // parentheses itself (proc_pid_stat(5)).
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields && { state: fields[0], startedAt: fields[19] }
}

/** Process ids mean something within one machine until it is started again, and on Linux within one namespace. */
async function machineName(): Promise<string> {
  const [namespace, boot] = await Promise.all([
    readlink('/proc/self/ns/pid').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => ''),
  ])
  return [hostname(), namespace, boot.trim()].join(' ')
}
