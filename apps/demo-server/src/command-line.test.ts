import { describe, expect, it } from 'vitest'
import { parseCommandLine, UsageError } from './command-line.ts'

describe('parseCommandLine', () => {
  it.each([
    [[], {}, { host: '127.0.0.1', port: 8787 }],
    [[], { PORT: '9000', HOST: 'localhost' }, { host: 'localhost', port: 9000 }],
    [[], { PORT: '', HOST: '' }, { host: '127.0.0.1', port: 8787 }],
    [['--port', '0', '--host', '::1'], { PORT: '9000', HOST: 'x' }, { host: '::1', port: 0 }],
    [['--port=80', '--host=127.0.0.2'], {}, { host: '127.0.0.2', port: 80 }],
    [['--host', '[::1]'], {}, { host: '::1', port: 8787 }],
  ])('reads %j with %j', (args, env, listen) => {
    expect(parseCommandLine(args, env)).toEqual({ run: 'server', listen })
  })

  it.each([
    [['--prot', '1'], {}, "Unknown option '--prot'. Options: --port PORT, --host ADDRESS, --help."],
    [['serve'], {}, "Unexpected argument 'serve'. Options: --port PORT, --host ADDRESS, --help."],
    [['--port'], {}, "Option '--port <value>' argument missing. Options: --port PORT, --host ADDRESS, --help."],
    [['--port', '80 80'], {}, '--port must be a whole number from 0 to 65535, not "80 80".'],
    [['--port', '65536'], {}, '--port must be a whole number from 0 to 65535, not "65536".'],
    [['--port', '-1'], {}, ''],
    [[], { PORT: '1e3' }, 'PORT must be a whole number from 0 to 65535, not "1e3".'],
    [
      ['--host', '0.0.0.0'],
      {},
      '--host must be 127.0.0.1, ::1 or localhost, not "0.0.0.0": the server has no sign-in yet and listens on this machine only.',
    ],
    [[], { HOST: 'example.com' }, ''],
  ])('refuses %j with %j in one line', (args, env, message) => {
    const parse = (): unknown => parseCommandLine(args, env)

    expect(parse).toThrow(UsageError)
    expect(parse).toThrow(message)
    expect(parse).not.toThrow('\n')
  })

  it('tells the options when asked', () => {
    expect(parseCommandLine(['--help'], { PORT: 'nonsense' })).toEqual({ run: 'help' })
  })
})
