/**
 * The environment variable that names the file of a key: as `EnvironmentSecretProvider` of `@st/provider-env` makes the
 * name of a key's variable (R11, R12), with `_FILE` behind it. The same recorded names are the test of both.
 */
export function fileVariableName(key: string, prefix: string): string {
  const name = key.toUpperCase().replaceAll(/[-.]/g, '_')
  return `${prefix === '' ? '' : `${prefix}_`}${name}_FILE`
}
