import type { Finding, ProviderHealth } from '@st/secrets-core/provider'
import { token } from './exemplary-provider.ts'
import { mutant, type Flaw } from './mutant.ts'

const works = 'says through checkHealth, where present, that it works, in the form that the contract has'
const findings = 'gives each finding an id that stays the same, and each that is no mere information a fix'
const silence = 'shows no secret and no credential in its health'

const finding: Finding = { id: 'a.b', severity: 'warning', message: 'It is so.', fix: 'Change it.' }

/** Flaws in `checkHealth`. */
export const brokenHealth: Readonly<Record<string, Flaw>> = {
  'throws when it is asked how it is': [
    mutant(() => ({
      checkHealth: async () => {
        throw new Error('no health')
      },
    })),
    works,
    findings,
  ],
  'says nothing when it is asked how it is': [mutant(() => ({ checkHealth: async () => {} })), works, findings],
  'says that it failed although it answers': [ill({ status: 'failed', kind: 'internal' }), works],
  'has a status of its own': [ill({ status: 'fine' }), works],
  'took less than no time': [ill({ latencyMs: -1 }), works],
  'gives a kind that is no text': [ill({ kind: 42 }), works],
  'finds something under an id that is not dotted': [found({ id: 'mode' }), findings],
  'finds something under an id with spaces': [found({ id: 'file.the mode' }), findings],
  'finds something of a severity of its own': [found({ severity: 'fatal' }), findings],
  'finds something and does not say what': [found({ message: '' }), findings],
  'finds something and knows no remedy': [found({ fix: undefined }), findings],
  'names the gravest finding last': [found({}, { severity: 'error' }), findings],
  'numbers its findings': [
    mutant(() => {
      let count = 0
      return {
        checkHealth: async () => ({ status: 'ready', findings: [{ ...finding, id: `a.b${(count += 1)}` }] }),
      }
    }),
    findings,
  ],
  'finds its token': [found({ message: `The token is ${token}.` }), silence],
  'finds a secret, encoded': [
    mutant((_original, secrets) => ({
      checkHealth: async () => ({
        status: 'ready',
        findings: [{ ...finding, message: Buffer.from(`${secrets['HELD_KEY']}`).toString('hex') }],
      }),
    })),
    silence,
  ],
}

/** Answers this for its health; with what the contract forbids, as one without types may. */
function ill(health: Partial<Record<keyof ProviderHealth, unknown>>): Flaw[0] {
  return mutant(() => ({ checkHealth: async () => ({ status: 'ready', findings: [], ...health }) }))
}

function found(...members: readonly Partial<Record<keyof Finding, unknown>>[]): Flaw[0] {
  return ill({ findings: members.map(member => Object.assign({}, finding, member)) })
}
