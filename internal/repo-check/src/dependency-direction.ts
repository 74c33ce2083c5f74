import { isProgram, type Member, type Repository } from './repository.ts'

/**
 * What the code that a package ships may import, outside Node itself: the drawing in CONTRIBUTING.md as data.
 *
 * `@st/secrets-core/provider` is the contract alone; nobody but applications, of which the command line is one,
 * imports the manager.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  // Preact is bundled into the page.
  '@st/console': ['@st/secrets-core', '@st/ttl-cache', 'preact', 'preact/hooks'],
  '@st/credential-crypto': [],
  '@st/hardware-info': ['@st/ttl-cache'],
  '@st/provider-aws': [
    '@st/secrets-core/provider',
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sts',
    '@aws-sdk/credential-providers',
  ],
  '@st/provider-env': ['@st/secrets-core/provider'],
  '@st/provider-file': ['@st/secrets-core/provider', 'yaml'],
  '@st/provider-testkit': ['@st/secrets-core/provider'],
  '@st/provider-vault': ['@st/secrets-core/provider', 'node-vault'],
  '@st/secrets-cli': [
    '@st/credential-crypto',
    '@st/provider-env',
    '@st/provider-file',
    '@st/secrets-core',
    '@st/secrets-core/config',
    '@st/secrets-core/redactor',
    '@stricli/core',
    '@clack/prompts',
  ],
  '@st/secrets-core': ['@st/ttl-cache'],
  '@st/ttl-cache': [],
}

/** What is used if it is installed: by the chain from `config`, whose packages depend on the core; by a single feature. */
const optionalPeers: Readonly<Record<string, readonly string[]>> = {
  '@st/secrets-cli': ['@st/provider-aws', '@st/provider-vault'],
  '@st/secrets-core': ['@st/provider-aws', '@st/provider-env', '@st/provider-file', '@st/provider-vault'],
  '@st/provider-aws': ['@aws-sdk/client-sts', '@aws-sdk/credential-providers'],
}

/** Every package.json under `packages/` depends only on what {@link arrows} allows. */
export function dependencyDirection({ packages }: Repository): readonly string[] {
  return packages.flatMap(member => directionFaults(member).map(fault => `${member.folder}/package.json: ${fault}`))
}

function directionFaults({ manifest }: Member): readonly string[] {
  const allowed = arrows[manifest.name]?.map(packageName)
  if (allowed === undefined) return ['the table of arrows in repo-check has no row for this package']
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifest
  const own = Object.entries({ ...dependencies, ...optionalDependencies })
  return [
    ...own.filter(([name]) => !allowed.includes(name)).map(([name]) => `must not depend on ${name}`),
    ...own
      .filter(([name, range]) => name.startsWith('@st/') && range !== 'workspace:^')
      .map(([name]) => `the range of ${name} is not workspace:^`),
    ...Object.keys(devDependencies)
      .filter(name => name.startsWith('@st/') && !isProgram(manifest) && optionalPeers[manifest.name]?.includes(name))
      .map(name => `${name} depends on this package; test the two together in internal/chain-tests`),
    ...peerFaults(manifest),
  ]
}

function peerFaults({ name, peerDependencies = {}, peerDependenciesMeta = {} }: Member['manifest']): readonly string[] {
  const allowed = optionalPeers[name] ?? []
  const peers = Object.entries(peerDependencies)
  const isOptional = (peer: string): boolean => peerDependenciesMeta[peer]?.optional === true
  return [
    ...peers.filter(([peer]) => !allowed.includes(peer)).map(([peer]) => `must not have the peer ${peer}`),
    ...peers
      .filter(([peer, range]) => (peer.startsWith('@st/') && range !== 'workspace:^') || !isOptional(peer))
      .map(([peer]) => `the peer ${peer} is not an optional ${peer.startsWith('@st/') ? 'workspace:^' : 'one'}`),
  ]
}

/** The name of the package that an import specifier belongs to. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
