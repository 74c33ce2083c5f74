export type { ConsolePart } from './api-shapes.ts'
export {
  consoleAssets,
  type ConsoleAssetsHandler,
  type ConsoleAssetsOptions,
  type ConsoleHandler,
  type ConsoleVisitor,
} from './console-assets.ts'
export type { ConsoleRequest, ConsoleResponse } from './exchange.ts'
export type { ConsoleForm, ConsoleSchema, ConsoleSchemas } from './form-rules.ts'
export { type ConsoleOptions, createConsole, type MountedConsole } from './create-console.ts'
