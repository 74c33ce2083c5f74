import type { Options } from 'tsup'
import { library } from '../../tsup.base.ts'

const options: Options = { ...library({ bin: 'src/bin.ts' }), splitting: true, dts: false }

export default options
