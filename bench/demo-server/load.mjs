// Sends requests from a process of its own, so that making them takes nothing from the server's.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/**
 * Sends one request after another on each of so many connections, with autocannon.
 *
 * @param {{ url: string, token: string }} server
 * @param {{ path?: string, connections: number, duration?: number, amount?: number, requests?: object[] }} load Options of
 *   autocannon.
 * @returns How many were `answered` and how many `perSecond`, and their latencies in ms.
 */
export async function sendLoad({ url, token }, { path = '', ...load }) {
  const headers = { authorization: `Bearer ${token}` }
  const { done } = start('load.child.mjs', { ...load, url: url + path, headers })
  return done
}

/**
 * Sends several kinds of requests, each so many times a second, until it is stopped; resolves when that has warmed up.
 *
 * @param {{ url: string, token: string }} server
 * @param {{ title: string, path: string, perSecond: number, method?: string, headers?: object, body?: string }[]} kinds
 * @returns `stop()`, which gives for each kind what came of it.
 */
export async function sendSteadyLoad({ url, token }, kinds, warmUpMs = 3000) {
  const { child, done } = start('steady-load.child.mjs', { url, token, kinds, warmUpMs })
  await delay(warmUpMs)
  return {
    stop: () => {
      child.send('stop')
      return done
    },
  }
}

/** Throws when something else was answered than what was asked for. */
export function requireAnswered({ errors, refused }) {
  if (errors + refused > 0) throw new Error(`${errors} requests were not answered, ${refused} refused`)
}

function start(script, job) {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.send(job)
  const ended = once(child, 'exit').then(() => [undefined])
  const done = Promise.race([once(child, 'message'), ended]).then(([result]) => {
    if (result === undefined) throw new Error('The requests could not be sent')
    return result
  })
  return { child, done }
}
