import type { Explanation, KeyList, SecretsManager } from '@st/secrets-core'
import { type Html, html } from './html.ts'
import { pageFrame } from './page-frame.ts'

/** A secret that was set or deleted through the server; never a value. */
export interface SecretChange {
  /** ISO 8601, UTC. */
  readonly changedAt: string
  readonly action: 'set' | 'deleted'
  readonly key: string
}

/** What the page shows; no member holds a value. */
export interface Overview {
  readonly list: KeyList
  readonly providers: SecretsManager['providers']
  readonly changes: readonly SecretChange[]
  /** File that setting a secret writes. */
  readonly secretsFile: string
  /** Address at which the page was asked for, such as `http://127.0.0.1:8787`. */
  readonly origin: string
  /** Name of who is signed in. */
  readonly user: string
}

/** The page: which provider answers for each key, who else holds it, what is wrong and what to do about it. */
export function overviewPage(overview: Overview): Html {
  const header = html`<form data-method="DELETE" data-action="/api/session">
      <h1>Secrets</h1>
      <p>Which provider answers for each key. Values are never shown.</p>
      <p class="problem" role="alert"></p>
      <button>Sign out ${overview.user}</button>
    </form>`
  const main = html`${failures(overview.list)} ${secrets(overview)} ${providers(overview)} ${changes(overview)}
  ${tokens}`
  return pageFrame({ title: '@st secrets', header, main })
}

function failures({ failed }: KeyList): Html | false {
  if (failed.length === 0) return false
  return html`<section class="problems" role="alert" aria-labelledby="problems">
    <h2 id="problems">Not everybody could be asked</h2>
    <ul>
      ${failed.map(({ provider, message, hint }) => html`<li><b>${provider}</b>: ${message} ${hint}</li>`)}
    </ul>
  </section>`
}

function secrets({ list, secretsFile, origin }: Overview): Html {
  return html`<section aria-labelledby="secrets">
    <h2 id="secrets">Keys</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Answered by</th>
          <th scope="col">Also held by</th>
        </tr>
      </thead>
      <tbody>
        ${list.keys.map(secretRow)}
      </tbody>
    </table>
    <p>
      Setting a key writes <code>${secretsFile}</code>:
      <code>curl -X POST -H 'authorization: Bearer TOKEN' -H 'content-type: application/json' -d '{"value":"…"}' ${origin}/api/secrets/KEY</code>
    </p>
  </section>`
}

function secretRow(secret: Explanation): Html {
  return html`<tr data-key="${secret.key}">
    <th scope="row"><code>${secret.key}</code></th>
    <td data-label="Answered by">${answeredBy(secret)}</td>
    <td data-label="Also held by">${secret.shadowed.length === 0 ? '–' : secret.shadowed.map(shadowedBadge)}</td>
  </tr>`
}

function answeredBy({ status, source, steps }: Explanation): Html {
  if (status === 'found') return html`<span class="badge found">${source}</span>`
  if (status === 'missing') return html`<span class="badge">nobody has it</span>`
  const reasons = steps
    .filter(step => step.outcome === 'failed')
    .map(({ provider, kind }) => {
      return kind === 'invalid' ? `${provider} holds no string for it` : `${provider} could not be asked`
    })
  return html`<span class="badge unresolved">not known: ${reasons.join(', ')}</span>`
}

function shadowedBadge({ provider, sameValue }: Explanation['shadowed'][number]): Html {
  return sameValue
    ? html`<span class="badge">${provider}, same value</span> `
    : html`<span class="badge different">${provider}, another value</span> `
}

function providers({ providers: inOrder }: Overview): Html {
  return html`<section aria-labelledby="providers">
    <h2 id="providers">Providers, in the order in which they are asked</h2>
    <ol>
      ${inOrder.map(provider => {
        const facts = Object.values(provider.describe?.() ?? {}).filter(fact => fact !== undefined)
        const state = provider.isAvailable() ? 'configured' : 'not configured'
        return html`<li><b>${provider.name}</b> ${state} <small>${facts.join(', ')}</small></li>`
      })}
    </ol>
  </section>`
}

function changes({ changes: latest }: Overview): Html | false {
  if (latest.length === 0) return false
  return html`<section aria-labelledby="changes">
    <h2 id="changes">Latest changes made here</h2>
    <ul>
      ${latest.map(({ changedAt, action, key }) => {
        return html`<li><time datetime="${changedAt}">${changedAt}</time> ${action} <code>${key}</code></li>`
      })}
    </ul>
  </section>`
}

const tokens = html`<section aria-labelledby="tokens">
  <h2 id="tokens">API tokens</h2>
  <form data-method="POST" data-action="/api/users/me/tokens" data-shows="secret">
    <label>Name of a new token <input name="name" required maxlength="100" /></label>
    <p class="problem" role="alert"></p>
    <p class="result" role="status"></p>
    <button>Make a token</button>
  </form>
</section>`
