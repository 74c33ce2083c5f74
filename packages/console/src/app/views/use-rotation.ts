import { useEffect, useState } from 'preact/hooks'
import { settings } from '../state/settings.ts'
import type { Rotation } from '../api/shapes.ts'

/**
 * A rotation as it goes on. Browsers come again by themselves when the stream breaks off.
 *
 * @param known - As it was told with the key.
 */
export function useRotation(known: Rotation | undefined, onEnd: () => void): Rotation | undefined {
  const [latest, setLatest] = useState<Rotation>()
  const isRunning = known !== undefined && (known.state === 'reencrypting' || known.state === 'verifying')
  useEffect(() => {
    if (!isRunning) return undefined
    const events = new EventSource(`${settings.base}api/keys/rotation/events`)
    const take = (event: MessageEvent<string>): void => {
      // The events are the same as the member `rotation` of the key.
      setLatest((JSON.parse(event.data) as Rotation | null) ?? undefined)
    }
    events.addEventListener('progress', take)
    events.addEventListener('end', event => {
      take(event)
      events.close()
      onEnd()
    })
    return () => events.close()
  }, [isRunning, known?.id])
  const isNewer = latest !== undefined && latest.id === known?.id && isRunning
  return isNewer ? { ...latest, isPaused: latest.isPaused } : known
}
