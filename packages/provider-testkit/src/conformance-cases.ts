import { agreementCases } from './cases/agreement-cases.ts'
import { faultCases } from './cases/fault-cases.ts'
import { identityCases } from './cases/identity-cases.ts'
import { readCases } from './cases/read-cases.ts'
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
  return [identityCases, readCases, agreementCases, writeCases, faultCases].flatMap(casesOf => casesOf(harness))
}
