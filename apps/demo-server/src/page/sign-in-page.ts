import { type Html, html } from './html.ts'
import { pageFrame } from './page-frame.ts'

/** What a stranger sees: signing in, the first run, a forgotten password. */
export function signInPage({ isFirstRun }: { readonly isFirstRun: boolean }): Html {
  const header = html`<h1>Secrets</h1>
    <p>Which provider answers for each key, and who may change it.</p>`
  const main = isFirstRun ? firstRun : html`${signIn} ${reset}`
  return pageFrame({ title: 'Sign in · @st secrets', header, main })
}

const submit = (label: string): Html => html`<p class="problem" role="alert"></p><button>${label}</button>`

const name = html`<label>Name <input name="name" autocomplete="username" required maxlength="64" /></label>`

const newPassword = html`<label>
  New password
  <input name="password" type="password" autocomplete="new-password" required minlength="12" maxlength="1024" />
  <small>12 characters or more</small>
</label>`

const token = html`<label>
  One-time token
  <input name="token" autocomplete="off" spellcheck="false" required maxlength="200" />
</label>`

const signIn = html`<form data-method="POST" data-action="/api/session">
  <h2>Sign in</h2>
  ${name}
  <label>
    Password
    <input name="password" type="password" autocomplete="current-password" required maxlength="1024" />
  </label>
  ${submit('Sign in')}
</form>`

const firstRun = html`<form data-method="POST" data-action="/api/first-run" data-next="/api/session">
  <h2>First run</h2>
  <p>Make the administrator. The token is in the terminal in which the server was started.</p>
  ${token} ${name} ${newPassword} ${submit('Make the administrator')}
</form>`

const reset = html`<details>
  <summary>Forgotten password</summary>
  <form data-method="POST" data-action="/api/password-reset">
    <p>An administrator gives out one-time tokens. For the first one: <code>npm start -- --reset-admin</code>.</p>
    ${token} ${newPassword} ${submit('Set the password')}
  </form>
</details>`
