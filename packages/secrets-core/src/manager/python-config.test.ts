import { describe, expect, it } from 'vitest'
import { fromPythonConfig } from './python-config.ts'
import { SecretsManager } from './secrets-manager.ts'

describe('fromPythonConfig', () => {
  it('spells every setting of SimpleTuner as ours', () => {
    const config = {
      file_path: 's.json',
      aws_secret_name: 'app/secrets',
      aws_region: 'eu-west-1',
      vault_url: 'https://vault:8200',
      vault_token: 'hvs.x',
      vault_path: 'app',
    }

    expect(fromPythonConfig(config)).toEqual({
      filePath: 's.json',
      awsSecretName: 'app/secrets',
      awsRegion: 'eu-west-1',
      vaultUrl: 'https://vault:8200',
      vaultToken: 'hvs.x',
      vaultPath: 'app',
    })
  })

  it("takes Python's None for not given", () => {
    expect(fromPythonConfig({ vault_url: null, file_path: undefined })).toEqual({
      vaultUrl: undefined,
      filePath: undefined,
    })
  })

  it('gives nothing for nothing', () => {
    expect(fromPythonConfig({})).toEqual({})
  })

  it.each(['vaultUrl', 'VAULT_URL', 'vault-url', '__proto__', 'vault__url', '_vault', 'vault_', ''])(
    'refuses %j, which is not spelled in snake case',
    name => {
      // `JSON.parse` makes a member of `__proto__` too.
      const config: Record<string, string> = JSON.parse(JSON.stringify({ file_path: 'x' }).replace('file_path', name))

      expect(() => fromPythonConfig(config)).toThrow(new TypeError(`"${name}" is not spelled like a Python setting.`))
    },
  )

  it('leaves what is unknown to the manager, which refuses it', () => {
    const config = fromPythonConfig({ vault_uri: 'https://vault:8200' })

    expect(() => new SecretsManager({ config })).toThrow('Unknown setting "vaultUri" in config.')
  })
})
