// @ts-check
// Sends the forms of the page to the API, which takes nothing but JSON.

for (const form of document.forms) {
  form.addEventListener('submit', event => {
    event.preventDefault()
    void submit(form)
  })
}

/** @param {HTMLFormElement} form */
async function submit(form) {
  const problem = form.querySelector('.problem')
  const button = form.querySelector('button')
  if (button === null || problem === null) return
  button.disabled = true
  problem.textContent = ''
  try {
    const fields = Object.fromEntries(new FormData(form))
    const answer = await send(form.dataset.method, form.dataset.action, fields)
    if (form.dataset.shows !== undefined) return show(form, answer[form.dataset.shows])
    // Whoever has just been made is signed in with what was typed.
    if (form.dataset.next !== undefined) {
      await send('POST', form.dataset.next, { name: fields.name, password: fields.password })
    }
    location.reload()
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error)
  } finally {
    button.disabled = false
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} secret
 */
function show(form, secret) {
  const result = form.querySelector('.result')
  if (result !== null) result.textContent = `Shown once: ${secret}`
  form.reset()
}

/**
 * @param {string | undefined} method
 * @param {string | undefined} path
 * @param {object} fields
 */
async function send(method = 'POST', path = '/', fields = {}) {
  const hasBody = Object.keys(fields).length > 0
  const init = hasBody ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) } : {}
  const response = await fetch(path, { method, ...init }).catch(() => {
    throw new Error('The server does not answer. Nothing was lost: try again.')
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(detailOf(answer) ?? `The server answered ${response.status}.`)
  return answer === '' ? {} : JSON.parse(answer)
}

/** @param {string} answer */
function detailOf(answer) {
  try {
    return JSON.parse(answer).detail
  } catch {
    return undefined
  }
}
