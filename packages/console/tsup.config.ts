import { library } from '../../tsup.base.ts'
import application from './tsup.app.config.ts'

export default [{ ...library({ index: 'src/index.ts' }), clean: ['!assets/**'] }, application]
