export { createRedactor } from './redactor/redactor.ts'
export type { Redactor, RedactorOptions } from './redactor/redactor.ts'
