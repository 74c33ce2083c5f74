import type { RunningServer, TestUser } from './running-server.ts'

/** A browser in which somebody is signed in, on a page of the server. */
export interface Browser {
  /** As it is sent: name and secret. */
  readonly cookie: string
  /** As it was given. */
  readonly setCookie: string
  readonly send: (path: string, json?: unknown, method?: string) => Promise<Response>
}

/** Signs somebody in. */
export async function openBrowser(server: RunningServer, { name, password }: TestUser): Promise<Browser> {
  const response = await server.send('/api/session', { as: null, json: { name, password } })
  const setCookie = response.headers.get('set-cookie') ?? ''
  const [cookie = ''] = setCookie.split(';')
  return {
    cookie,
    setCookie,
    send: (path, json, method) =>
      server.send(path, {
        as: null,
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
        json,
        ...(method === undefined ? {} : { method }),
      }),
  }
}
