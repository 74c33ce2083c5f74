import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a module in a process of its own, in a folder, and answers what it printed. */
export async function runModule(
  script: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(
    process.execPath,
    ['--conditions=@st/source', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script],
    {
      cwd: folder,
      // pnpm's launchers set a NODE_PATH through which everything can be resolved.
      env: { ...process.env, NODE_PATH: '', ...environment },
      // NODE_DEBUG prints more than the megabyte that is the default.
      maxBuffer: Infinity,
    },
  )
}
