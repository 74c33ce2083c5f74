import { brokenAgreements } from './broken-agreements.ts'
import { brokenBatches } from './broken-batches.ts'
import { brokenEndings } from './broken-endings.ts'
import { brokenHealth } from './broken-health.ts'
import { brokenHosts } from './broken-hosts.ts'
import { brokenIdentities } from './broken-identities.ts'
import { brokenProvenances } from './broken-provenances.ts'
import { brokenReads } from './broken-reads.ts'
import { brokenVersions } from './broken-versions.ts'
import { brokenWrites } from './broken-writes.ts'
import type { Flaw } from './mutant.ts'

/** Flaws in values, which are noticed by many cases; those that are named must be among them. */
export const pervasiveFlaws: Readonly<Record<string, Flaw>> = { ...brokenReads, ...brokenAgreements, ...brokenWrites }

/** Flaws that the named cases must notice, and no others. */
export const singleFlaws: Readonly<Record<string, Flaw>> = {
  ...brokenIdentities,
  ...brokenBatches,
  ...brokenProvenances,
  ...brokenVersions,
  ...brokenHealth,
  ...brokenHosts,
  ...brokenEndings,
}
