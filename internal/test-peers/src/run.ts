import { spawn } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

const shownOutput = 2000

/**
 * Runs a program to its end.
 *
 * @throws Error with the end of its output when it cannot be started or fails.
 */
export async function run(
  program: string,
  args: readonly string[],
  environment: Environment = process.env,
): Promise<void> {
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-shownOutput)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('error', reject)
  child.once('close', code => {
    if (code === 0) resolve()
    else reject(new Error(`${program} ${args.join(' ')} ended with ${code}\n${output}`))
  })
  await promise
}
