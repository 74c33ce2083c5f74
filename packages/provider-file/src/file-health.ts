import type { Finding, ProviderHealth } from '@st/secrets-core/provider'
import { linkTarget } from './atomic-write.ts'
import { readFileContent } from './file-content.ts'
import type { ReadingRules } from './file-content.ts'
import { fileExposures, octal, surroundingExposures } from './file-exposure.ts'
import type { Access, Exposure, InsecurePermissions } from './file-exposure.ts'
import { secretErrorOf } from './file-failure.ts'
import { healthOf } from './health-of.ts'
import { keyList } from './key-list.ts'
import { abandonedLeftovers } from './leftovers.ts'
import { defaultFilePaths } from './secrets-file-path.ts'
import { formatOf, loadParserOf } from './secrets-format.ts'
import type { ParsedSecrets } from './secrets-format.ts'
import { shellWord } from './shell-word.ts'

/** The file of a provider, and how it is read. */
export interface FileUnderCheck {
  readonly provider: string
  /** `undefined` when there is no home directory. */
  readonly filePath: string | undefined
  readonly isDefault: boolean
  readonly permissions: InsecurePermissions
  readonly rules: ReadingRules
}

/** Reads the file, and says what should be done about it. */
export async function fileHealth(subject: FileUnderCheck): Promise<ProviderHealth> {
  const { provider, filePath, rules } = subject
  if (filePath === undefined) return healthOf({ status: 'not_configured', findings: [missingHome] })
  const startedMs = performance.now()
  try {
    // Whether others can get at it is a finding of its own; what else is wrong is worth knowing too.
    const content = await readFileContent(filePath, { ...rules, refusesExposure: false })
    const latencyMs = performance.now() - startedMs
    if (content === undefined) return healthOf({ status: 'not_configured', findings: [missingFile(filePath)] })
    const exposures = [...fileExposures(filePath, content.access), ...(await surroundingExposures(filePath))]
    await loadParserOf(filePath)
    const parsed = formatOf(filePath).parse(content.text)
    const findings = [
      contents(filePath, content.access, parsed),
      ...exposureFindings(subject, filePath, exposures),
      ...textFindings(filePath, parsed),
      ...severalFindings(subject),
      ...(await leftoverFindings(filePath)),
    ]
    const isRefused = subject.permissions === 'refuse' && exposures.length > 0
    return healthOf(isRefused ? { status: 'failed', kind: 'insecure', latencyMs, findings } : { latencyMs, findings })
  } catch (error) {
    const { kind, message, hint } = secretErrorOf(error, { provider, verb: 'read', subject: `secrets in ${filePath}` })
    const finding: Finding = { id: `file.${kind}`, severity: 'error', message, fix: hint }
    return healthOf({ status: 'failed', kind, findings: [finding, ...severalFindings(subject)] })
  }
}

const missingHome: Finding = {
  id: 'file.missing',
  severity: 'info',
  message: 'There is no home directory, and so no default file of secrets.',
  fix: 'Set filePath, or the variable HOME.',
}

function missingFile(filePath: string): Finding {
  const fix = 'Store a secret, or create it for your user only: it holds an object of keys and values.'
  return { id: 'file.missing', severity: 'info', message: `There is no file ${filePath}.`, fix }
}

/** What `doctor` shows of a file that works (R107). */
function contents(filePath: string, { mode }: Access, { values, unusable }: ParsedSecrets): Finding {
  const keys = values.size + unusable.size
  const message = `${filePath} has the mode ${octal(Number(mode) & 0o7777)}. Keys: ${keys}.`
  return { id: 'file.contents', severity: 'info', message }
}

function exposureFindings(
  { permissions }: FileUnderCheck,
  filePath: string,
  exposures: readonly Exposure[],
): readonly Finding[] {
  if (permissions === 'ignore') return []
  return exposures.map(({ id, problem, fix }) => ({
    id,
    severity: permissions === 'refuse' ? 'error' : 'warning',
    message: `${filePath}: ${problem}.`,
    fix,
  }))
}

function textFindings(filePath: string, { duplicates, unusable }: ParsedSecrets): readonly Finding[] {
  return [
    ...(duplicates.size === 0
      ? []
      : [
          {
            id: 'file.duplicates',
            severity: 'warning',
            message: `${filePath} holds more than once: ${keyList(duplicates)}. The last one counts.`,
            fix: 'Remove all but one of each.',
          } as const,
        ]),
    ...(unusable.size === 0
      ? []
      : [
          {
            id: 'file.unusable',
            severity: 'warning',
            message: `${filePath} holds no string for: ${keyList(unusable.keys())}.`,
            fix: 'Put each value into quotes, as one string, or remove the key.',
          } as const,
        ]),
  ]
}

function severalFindings({ isDefault, filePath }: FileUnderCheck): readonly Finding[] {
  const others = isDefault ? defaultFilePaths().filter(path => path !== filePath) : []
  if (others.length === 0) return []
  const message = `${filePath} is used, and not what is also there: ${others.join(', ')}.`
  return [{ id: 'file.several', severity: 'warning', message, fix: 'Move all secrets into one file.' }]
}

async function leftoverFindings(filePath: string): Promise<readonly Finding[]> {
  const paths = await abandonedLeftovers(await linkTarget(filePath))
  if (paths.length === 0) return []
  const message = `Writers that were killed have left behind: ${paths.join(', ')}. They can hold secrets.`
  const fix = `Store or remove a secret, which clears them away, or run: rm ${paths.map(path => shellWord(path)).join(' ')}`
  return [{ id: 'file.leftovers', severity: 'warning', message, fix }]
}
