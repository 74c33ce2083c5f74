/** Keys that SimpleTuner's document names (requirement R5). */
export const wellKnownSecrets = {
  replicate: 'REPLICATE_API_TOKEN',
  huggingFace: 'HF_TOKEN',
  webhook: 'CLOUD_WEBHOOK_SECRET',
} as const
