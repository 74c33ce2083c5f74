import type { ProviderContext } from '@st/secrets-core/provider'
import { mutant, type Flaw } from './mutant.ts'

const aborted = 'answers or refuses when its signal has already aborted, and answers the next read'
const running = 'ends reads that are running when it is closed'
const closed = "answers after it was closed, or refuses with kind 'closed'"
/** Longer than the tests wait for it to go away. */
const outlivesPatienceMs = 2000
const alive = 'leaves nothing that keeps the process alive once it is closed'

/** Ends a provider in a way of its own, from its first close on. */
function closing(read: (value: string | undefined) => string | undefined): Flaw[0] {
  return mutant(({ getSecretSync }) => {
    let isClosed = false
    return {
      getSecret: async (key: string) => {
        const value = getSecretSync(key)
        return isClosed ? read(value) : value
      },
      close: async () => void (isClosed = true),
    }
  })
}

/** Flaws in what an abort and `close` end. */
export const brokenEndings: Readonly<Record<string, Flaw>> = {
  'throws when it is closed again': [
    mutant(() => {
      let isClosed = false
      return {
        close: async () => {
          if (isClosed) throw new Error('already closed')
          isClosed = true
        },
      }
    }),
    'may be closed twice',
  ],
  'says missing when its signal has aborted': [
    mutant(({ getSecret }) => ({
      getSecret: async (key: string, context: ProviderContext) =>
        context.signal.aborted ? undefined : getSecret(key, context),
    })),
    aborted,
  ],
  'throws a raw error when its signal has aborted': [
    mutant(({ readSecret }) => ({
      readSecret: async (...read: Parameters<typeof readSecret>) => {
        if (read[1].signal.aborted) throw new Error('aborted')
        return readSecret(...read)
      },
    })),
    aborted,
  ],
  'remembers an abort': [
    mutant(({ getSecret }) => {
      let connection: Promise<void> | undefined
      return {
        getSecret: async (key: string, context: ProviderContext) => {
          connection ??= (async () => context.signal.throwIfAborted())()
          await connection
          return getSecret(key, context)
        },
      }
    }),
    aborted,
  ],
  'forgets what it holds when it is closed': [closing(() => undefined), closed],
  'throws a raw error once it is closed': [
    closing(() => {
      throw new Error('destroyed')
    }),
    closed,
  ],
  'breaks off reads with a raw error when it is closed': [
    mutant(({ getSecret }) => {
      const rejections = new Set<(error: Error) => void>()
      return {
        getSecret: (key: string, context: ProviderContext) =>
          new Promise((resolve, reject) => {
            rejections.add(reject)
            setImmediate(() => resolve(getSecret(key, context)))
          }),
        close: async () => {
          for (const reject of rejections) reject(new Error('socket hang up'))
        },
      }
    }),
    running,
  ],
}

/** Flaws that leave something behind in their process, which should be one of their own. */
export const endingsThatLeaveSomething: Readonly<Record<string, Flaw>> = {
  'leaves a timer running': [
    mutant(({ getSecret }) => ({
      getSecret: (key: string, context: ProviderContext) => {
        setTimeout(() => {}, outlivesPatienceMs)
        return getSecret(key, context)
      },
    })),
    alive,
  ],
  'forgets a race that an abort has won': [
    mutant(({ getSecret }) => ({
      getSecret: (key: string, context: ProviderContext) => {
        void new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason))
        })
        return getSecret(key, context)
      },
    })),
    'leaves no rejection that nobody handles',
  ],
}
