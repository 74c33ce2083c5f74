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
    [
      ['--prot', '1'],
      {},
      "Unknown option '--prot'. Options: --port PORT, --host ADDRESS, --tls-cert FILE, --tls-key FILE, --reset-admin, --import FILE, --import-key FILE, --backup FILE, --restore FILE, --help.",
    ],
    [
      ['serve'],
      {},
      "Unexpected argument 'serve'. Options: --port PORT, --host ADDRESS, --tls-cert FILE, --tls-key FILE, --reset-admin, --import FILE, --import-key FILE, --backup FILE, --restore FILE, --help.",
    ],
    [
      ['--port'],
      {},
      "Option '--port <value>' argument missing. Options: --port PORT, --host ADDRESS, --tls-cert FILE, --tls-key FILE, --reset-admin, --import FILE, --import-key FILE, --backup FILE, --restore FILE, --help.",
    ],
    [['--port', '80 80'], {}, '--port must be a whole number from 0 to 65535, not "80 80".'],
    [['--port', '65536'], {}, '--port must be a whole number from 0 to 65535, not "65536".'],
    [['--port', '-1'], {}, ''],
    [[], { PORT: '1e3' }, 'PORT must be a whole number from 0 to 65535, not "1e3".'],
    [['--host', 'http://x'], {}, '--host must be an address or a name of this machine, not "http://x".'],
    [[], { HOST: 'a b' }, 'HOST must be an address or a name of this machine, not "a b".'],
    [['--tls-cert', 'x.pem'], {}, '--tls-cert and --tls-key go together: give both or none.'],
    [['--import-key', 'x'], {}, '--import-key goes with --import: name the database, too.'],
    [['--tls-key', 'x.pem'], {}, '--tls-cert and --tls-key go together: give both or none.'],
  ])('refuses %j with %j in one line', (args, env, message) => {
    const parse = (): unknown => parseCommandLine(args, env)

    expect(parse).toThrow(UsageError)
    expect(parse).toThrow(message)
    expect(parse).not.toThrow('\n')
  })

  it('reads where the certificate is', () => {
    expect(parseCommandLine(['--tls-cert', 'a', '--tls-key', 'b'], {})).toMatchObject({ tlsCert: 'a', tlsKey: 'b' })
  })

  it('resets the administrator when asked', () => {
    expect(parseCommandLine(['--reset-admin'], {})).toEqual({ run: 'reset-admin' })
  })

  it('imports when asked', () => {
    expect(parseCommandLine(['--import', 'a'], {})).toEqual({ run: 'import', path: 'a' })
    expect(parseCommandLine(['--import', 'a', '--import-key', 'b'], {})).toEqual({
      run: 'import',
      path: 'a',
      keyFile: 'b',
    })
  })

  it('makes and restores backups when asked', () => {
    expect(parseCommandLine(['--backup', 'a'], {})).toEqual({ run: 'backup', path: 'a' })
    expect(parseCommandLine(['--restore', 'a'], {})).toEqual({ run: 'restore', path: 'a' })
  })

  it('tells the options when asked', () => {
    expect(parseCommandLine(['--help'], { PORT: 'nonsense' })).toEqual({ run: 'help' })
  })
})
