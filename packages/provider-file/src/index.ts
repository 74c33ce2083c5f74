export { FileSecretProvider } from './file-secret-provider.ts'
export type { FileSecretProviderOptions } from './file-secret-provider.ts'
