import type { SecretProvider } from '@st/secrets-core/provider'
import { exemplaryProvider, token } from './exemplary-provider.ts'
import { mutant, type Flaw } from './mutant.ts'

/** Flaws in what a provider is and shows. */
export const brokenIdentities: Readonly<Record<string, Flaw>> = {
  'has an empty name': [mutant(() => ({ name: '' })), 'has a name that is not empty and does not change'],
  'has another name after a read': [
    secrets => {
      const provider = { ...exemplaryProvider(secrets) }
      const { getSecret } = provider
      return Object.assign(provider, {
        getSecret: (...read: Parameters<Required<SecretProvider>['getSecret']>) => {
          Object.assign(provider, { name: 'renamed' })
          return getSecret(...read)
        },
      })
    },
    'has a name that is not empty and does not change',
  ],
  'answers isAvailable with a promise': [
    mutant(() => ({ isAvailable: async () => true })),
    'says at once whether it is available',
  ],
  'says unavailable although it answers': [
    mutant(() => ({ isAvailable: () => false })),
    'says at once whether it is available',
  ],
  'keeps its secrets in a public field': [
    mutant((_original, secrets) => ({ secrets })),
    'shows no secret and no credential when it is printed',
  ],
  'keeps its token in a public field': [
    mutant(() => ({ token })),
    'shows no secret and no credential when it is printed',
  ],
  'describes itself by its token': [
    mutant(() => ({ describe: () => ({ token }) })),
    'shows no secret and no credential when it is printed',
  ],
  'prints what it reads': [
    mutant(({ getSecret }) => ({
      getSecret: async (...read: Parameters<typeof getSecret>) => {
        const value = await getSecret(...read)
        process.stderr.write(`read ${value}\n`)
        return value
      },
    })),
    'prints no secret and no credential',
  ],
  'logs its token': [
    mutant(({ readSecret }) => ({
      readSecret: (...read: Parameters<typeof readSecret>) => {
        globalThis.console.debug('login', { token })
        return readSecret(...read)
      },
    })),
    'prints no secret and no credential',
  ],
  'warns of a secret': [
    mutant((_original, secrets) => ({
      checkHealth: async () => {
        process.emitWarning(`weak: ${Object.values(secrets).join()}`)
        return { status: 'ready', findings: [] }
      },
    })),
    'prints no secret and no credential',
  ],
}
