export { copyWithDependencies } from './copy-with-dependencies.ts'
export { randomNumbers } from './random-numbers.ts'
export { runModule } from './run-module.ts'
