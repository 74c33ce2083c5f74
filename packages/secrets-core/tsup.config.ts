import { library } from '../../tsup.base.ts'

export default library({
  index: 'src/index.ts',
  provider: 'src/provider.ts',
  redactor: 'src/redactor.ts',
  config: 'src/config.ts',
})
