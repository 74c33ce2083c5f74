export { copyWithDependencies } from './copy-with-dependencies.ts'
export { runModule } from './run-module.ts'
