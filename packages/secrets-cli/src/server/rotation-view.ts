import { amount, members, optional, type Shape, text, truth } from './answer-shape.ts'

/** How far a change of the key has come. */
export interface RotationView {
  readonly id: number
  /** `reencrypting`, `verifying`, `failed` or `done`. */
  readonly state: string
  readonly isPaused: boolean
  /** Of the new key. */
  readonly fingerprint: string
  readonly total: number
  readonly processed: number
  readonly failed: number
  readonly startedAt: string
  readonly finishedAt: string | null
  /** From 0 to 1. */
  readonly progress: number
  /** Values a second; `null` when that is not known. */
  readonly rate: number | null
  /** Seconds; `null` when that is not known. */
  readonly secondsLeft: number | null
}

/** The key of a server's credentials, without the key. */
export interface KeyView {
  /** `file` or `environment`. */
  readonly source: string
  readonly fingerprint: string
  readonly since: string | null
  readonly ageDays: number | null
  readonly nextFingerprint: string | null
  readonly previousFingerprint: string | null
  /** What whoever runs the server has to do. */
  readonly advice: string | null
  /** The latest; `null` when the key was never changed. */
  readonly rotation: RotationView | null
}

/** What of an answer is read of a rotation. */
export const rotationShape: Shape<RotationView> = members<RotationView>({
  id: amount,
  state: text,
  isPaused: truth,
  fingerprint: text,
  total: amount,
  processed: amount,
  failed: amount,
  startedAt: text,
  finishedAt: optional(text),
  progress: amount,
  rate: optional(amount),
  secondsLeft: optional(amount),
})

/** What of an answer is read of a key. */
export const keyShape: Shape<KeyView> = members<KeyView>({
  source: text,
  fingerprint: text,
  since: optional(text),
  ageDays: optional(amount),
  nextFingerprint: optional(text),
  previousFingerprint: optional(text),
  advice: optional(text),
  rotation: optional(rotationShape),
})
