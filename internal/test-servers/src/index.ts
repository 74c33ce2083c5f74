export { jsonAnswer } from './answer.ts'
export type { Answer, ReceivedRequest } from './answer.ts'
export { awsException, FakeSecretsManager, startFakeSecretsManager } from './fake-secrets-manager.ts'
export { FakeSecret } from './fake-secrets-manager-store.ts'
export type { AwsExceptionOptions } from './fake-secrets-manager.ts'
export type { FakeSecretContent, FakeSecretVersion, NewFakeVersion } from './fake-secrets-manager-store.ts'
export { FakeVault, startFakeVault } from './fake-vault.ts'
export type { FakeVaultOptions, FakeVaultToken } from './fake-vault.ts'
export type { VaultState } from './fake-vault-health.ts'
export { FakeLoginVault, startFakeLoginVault } from './fake-vault-auth.ts'
export type { FakeGrant, FakeLoginMethod, FakeLoginVaultOptions, FakePrincipal } from './fake-vault-auth.ts'
export type { Fault } from './fault.ts'
export { FaultScenes } from './fault-scene.ts'
export type { FaultScene, StartScene } from './fault-scene.ts'
export {
  loopbackCertificatePath,
  loopbackCertificatePaths,
  loopbackKey,
  LoopbackServer,
  startScriptedServer,
} from './loopback-server.ts'
export type { LoopbackCertificate, LoopbackServerOptions, LoopbackTls } from './loopback-server.ts'
export { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'
export type { VaultRefusal, Wrapping } from './vault-answers.ts'
export { OtherEngine } from './vault-engine.ts'
export type { EngineRequest, VaultEngine } from './vault-engine.ts'
export { KeyValueEngine } from './vault-key-value-engine.ts'
export { recordedVaultExchanges } from './vault-recordings.ts'
export type { RecordedExchange, RecordedRequest, RecordedResponse } from './vault-recordings.ts'
export { VersionedKeyValueEngine } from './vault-versioned-engine.ts'
