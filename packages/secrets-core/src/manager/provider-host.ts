import type { ProviderLink } from '../chain/provider-link.ts'
import { channels, type ProviderMessage } from './diagnostics.ts'
import type { SensitiveSink } from './manager-options.ts'

/** What becomes of what a provider tells. */
export interface HostOptions {
  readonly redactor: SensitiveSink | undefined
  /** Called with each key that the source changed, or with `undefined` for any. */
  readonly onChange: (key: string | undefined) => void
}

/** Gives a provider its host, where it wants one. */
export function attachHost(link: ProviderLink, { redactor, onChange }: HostOptions): void {
  try {
    const attached: unknown = link.provider.attach?.({
      protect: sensitive => redactor?.protect(sensitive, link.name),
      changed: keys => {
        for (const key of keys ?? [undefined]) {
          link.answers.forget(key)
          onChange(key)
        }
      },
      report: (event, detail) => {
        const message: ProviderMessage = { provider: link.name, event, detail }
        channels.provider.publish(message)
      },
    })
    // Nobody else would handle the failure of a promise.
    void Promise.allSettled([attached])
  } catch {
    // It goes without; what it cannot do then, its answers tell.
  }
}
