import { t } from '../words/translate.ts'
import { toast } from './toast.tsx'

/** Copies a text, or says why not; tells whether it did. Without TLS browsers have no clipboard for pages. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    toast(t('The browser does not let this page copy. Copy what is shown by hand.'))
    return false
  }
}
