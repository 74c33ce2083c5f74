import { agreementCases } from './cases/agreement-cases.ts'
import { batchCases } from './cases/batch-cases.ts'
import { endingCases } from './cases/ending-cases.ts'
import { faultCases } from './cases/fault-cases.ts'
import { healthCases } from './cases/health-cases.ts'
import { hostCases } from './cases/host-cases.ts'
import { identityCases } from './cases/identity-cases.ts'
import { provenanceCases } from './cases/provenance-cases.ts'
import { readCases } from './cases/read-cases.ts'
import { versionCases } from './cases/version-cases.ts'
import { writeCases } from './cases/write-cases.ts'
import type { ConformanceCase } from './conformance-case.ts'
import type { ConformanceHarness } from './conformance-harness.ts'

/**
 * The contract of a secret provider as cases for any test runner.
 *
 * Cases about optional members pass when the provider lacks the member; cases about faults exist only for the faults
 * that the harness can show.
 *
 * @param harness - How to make the provider under test.
 */
export function conformanceCases(harness: ConformanceHarness): readonly ConformanceCase[] {
  return [
    identityCases,
    readCases,
    agreementCases,
    batchCases,
    provenanceCases,
    versionCases,
    writeCases,
    hostCases,
    healthCases,
    endingCases,
    faultCases,
  ].flatMap(casesOf => casesOf(harness))
}
