import { Type } from 'typebox'

const Count = Type.Integer({ minimum: 0 })

/** How far a rotation has come. */
export const RotationSchema = Type.Object({
  id: Type.Integer(),
  state: Type.Enum(['reencrypting', 'verifying', 'failed', 'done'], {
    description: '`failed`: some values cannot be decrypted, and the old key is still needed; it can be begun again.',
  }),
  isPaused: Type.Boolean(),
  fingerprint: Type.String({ description: 'Of the new key.' }),
  total: Count,
  processed: Type.Integer({ minimum: 0, description: 'In this state.' }),
  failed: Count,
  startedAt: Type.String(),
  finishedAt: Type.Optional(Type.String()),
  progress: Type.Number({ minimum: 0, maximum: 1, description: 'Of both states together.' }),
  rate: Type.Optional(Type.Number({ minimum: 0, description: 'Values a second; absent when that is not known.' })),
  secondsLeft: Type.Optional(Type.Number({ minimum: 0, description: 'Absent when that is not known.' })),
})

/** The key of the credentials, without the key. */
export const KeySchema = Type.Object({
  source: Type.Enum(['file', 'environment']),
  fingerprint: Type.String({ description: 'Of the key that encrypts.' }),
  since: Type.Optional(Type.String({ description: 'When it began to encrypt, where that is known.' })),
  ageDays: Type.Optional(Type.Integer({ minimum: 0 })),
  nextFingerprint: Type.Optional(Type.String({ description: 'Of the key that it can be changed to.' })),
  previousFingerprint: Type.Optional(Type.String({ description: 'Of the key of before, which is still needed.' })),
  advice: Type.Optional(Type.String({ description: 'What whoever runs the server has to do.' })),
  rotation: Type.Optional(RotationSchema),
})
