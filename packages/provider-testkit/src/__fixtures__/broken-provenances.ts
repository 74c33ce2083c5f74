import type { ProviderDocument, ProviderSecret } from '@st/secrets-core/provider'
import { token } from './exemplary-provider.ts'
import { mutant, type Flaw } from './mutant.ts'

const form = 'says how long an answer holds, which version it is and where it was found in the right form'
const silence = 'shows no secret and no credential in what it says of an answer'

/** Flaws in what is said of an answer. */
export const brokenProvenances: Readonly<Record<string, Flaw>> = {
  'says that an answer holds for less than nothing': [saying({ ttl: -1 }), form],
  'says that an answer holds for NaN seconds': [saying({ ttl: Number.NaN }), form],
  'calls a version by an empty text': [
    mutant(({ readDocumentSync }) => ({
      readDocumentSync: (lookup: object): ProviderDocument | undefined => {
        const document = readDocumentSync(lookup)
        return document && { ...document, version: '' }
      },
    })),
    form,
    'gives a changed value another version, where it gives versions',
  ],
  'has its token in the place where it found a value': [saying({ locator: `https://${token}@host/` }), silence],
  'has a value in base64 in the place where it found it': [
    mutant(({ readSecret }) => ({
      readSecret: async (...read: Parameters<typeof readSecret>) => {
        const secret = await readSecret(...read)
        return secret && { ...secret, locator: Buffer.from(secret.value).toString('base64') }
      },
    })),
    silence,
  ],
  'keeps the version when a value has changed': [
    mutant(({ readDocument }) => ({
      readDocument: async (...read: Parameters<typeof readDocument>) => {
        const document = await readDocument(...read)
        return document && { ...document, version: 'v0' }
      },
    })),
    'gives a changed value another version, where it gives versions',
  ],
}

function saying(provenance: Partial<ProviderSecret>): Flaw[0] {
  return mutant(({ readSecret }) => ({
    readSecret: async (...read: Parameters<typeof readSecret>) => {
      const secret = await readSecret(...read)
      return secret && { ...secret, ...provenance }
    },
  }))
}
