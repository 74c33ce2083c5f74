// A process that starts for the first time: reads one request a line and answers each with one line.
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createCredentialCipher, CredentialError } from '../index.ts'

/** What to do. */
interface Request {
  readonly home: string
  readonly ephemeral?: boolean
  readonly umask?: number
  /** Gives up root for good, because mode bits do not bind root. */
  readonly asOrdinaryUser?: boolean
  /** Is killed when it has created a file and is about to write to it. */
  readonly isKilledBeforeWriting?: boolean
}

for await (const line of createInterface({ input: process.stdin })) {
  // Written by the test that started this process.
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Request))}\n`)
}

async function answer(request: Request): Promise<unknown> {
  process.env['HOME'] = request.home
  if (request.umask !== undefined) process.umask(request.umask)
  if (request.asOrdinaryUser && process.getuid?.() === 0) becomeNobody()
  if (request.isKilledBeforeWriting) await killBeforeWriting()
  try {
    const { keyFingerprint } = await createCredentialCipher({ ephemeral: request.ephemeral })
    return { keyFingerprint }
  } catch (error) {
    return CredentialError.isInstance(error) ? error : { unexpected: String(error) }
  }
}

function becomeNobody(): void {
  process.setgroups?.([])
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}

async function killBeforeWriting(): Promise<void> {
  const file = await open(process.execPath)
  // The class is not exported; every file has it.
  Object.getPrototypeOf(file).writeFile = () => {
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => {})
  }
  await file.close()
}
