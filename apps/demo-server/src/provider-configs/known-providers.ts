/** The providers that SimpleTuner knows: listed whether or not they are configured, in their order. */
export const knownProviders: readonly string[] = ['replicate', 'simpletuner_io']
