import { zhControl } from './zh-control.ts'
import { zhFrame } from './zh-frame.ts'
import { zhSources } from './zh-sources.ts'
import { zhWork } from './zh-work.ts'

/** Every text of the console in Chinese, by the English one. A text that is missing here does not compile. */
export const zh: typeof zhFrame & typeof zhSources & typeof zhWork & typeof zhControl = {
  ...zhFrame,
  ...zhSources,
  ...zhWork,
  ...zhControl,
}
