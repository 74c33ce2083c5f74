import { Refusal } from '../refusal.ts'

const replicateProfiles = ['h100', 'h100-x2', 'h100-x4', 'h100-x8', 'l40s', 'l40s-x2', 'l40s-x4', 'l40s-x8']

/**
 * The hardware to train on as it is stored: for Replicate one of its profiles, whichever way it is written (R86); for
 * others any text.
 *
 * @throws Refusal `INVALID_HARDWARE_PROFILE`
 */
export function hardwareProfile(provider: string, text: string): string {
  if (provider !== 'replicate') return text
  const profile = text
    .trim()
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^advanced-trainer-/, '')
    .replace(/^(\d+)x(.+)$/, '$2-x$1')
    .replace(/-x1$/, '')
  if (replicateProfiles.includes(profile)) return profile
  throw new Refusal(
    'invalid',
    'INVALID_HARDWARE_PROFILE',
    `Invalid Replicate hardware profile '${text}'. Valid profiles: ${replicateProfiles.join(', ')}`,
  )
}
