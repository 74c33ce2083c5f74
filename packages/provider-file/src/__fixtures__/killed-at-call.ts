import { FileSecretProvider } from '../file-secret-provider.ts'
import { intercepting } from './system-calls.ts'

/** Sets or deletes `TOKEN`, and is killed at the system call with this ordinal, when half of it is done. */
const [filePath, verb, ordinal] = process.argv.slice(2)
const provider = new FileSecretProvider({ filePath })
await intercepting(
  async call => {
    if (call.ordinal !== Number(ordinal)) return call.proceed()
    await call.proceedHalf()
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => {})
  },
  () => (verb === 'set' ? provider.setSecret('TOKEN', 'new') : provider.deleteSecret('TOKEN')),
)
