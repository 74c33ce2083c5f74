import { describeWithPeer, requirePeer } from '@st/test-peers'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { TestBrowser } from './browser.ts'
import { revealed, viewer } from './console-data.ts'
import type { ConsoleWorld } from './console-world.ts'
import { keyboard, mouse } from './hand.ts'
import { startBeforeEach } from './start-before-each.ts'

describeWithPeer(describe, await requirePeer('chromium'))('journeys through the console', chromium => {
  let browser: TestBrowser
  let world: ConsoleWorld

  startBeforeEach(chromium, started => ({ browser, world } = started))

  describe.each([
    { by: 'mouse', hand: mouse },
    { by: 'keyboard alone', hand: keyboard },
  ])('by $by', ({ hand }) => {
    const open = async (view: string): Promise<Page> => {
      const page = await browser.open(world.url + view)
      await page.locator('main h1').waitFor()
      return page
    }

    describe('signing in', () => {
      it('says what is wrong, keeps the name, goes on by keyboard alone, and ends with signing out', async () => {
        world.user = undefined
        const page = await open('secrets')

        await page.keyboard.type('admin')
        await page.keyboard.press('Tab')
        await page.keyboard.type('wrong')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').filter({ hasText: 'The name or the password is wrong.' }).waitFor()
        const kept = await page.getByLabel('Name').inputValue()
        await hand.fill(page.getByLabel('Password', { exact: true }), 'right')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Secrets' }).waitFor()
        await hand.press(page.getByRole('button', { name: 'Sign out admin' }))

        expect(kept).toBe('admin')
        await page.getByRole('heading', { name: 'Sign in' }).waitFor()
        expect(world.user).toBeUndefined()
      })

      it('says how long to wait after too many attempts', async () => {
        world.user = undefined
        world.planted.set('POST session', {
          status: 429,
          body: { status: 429, code: 'X', detail: '' },
          headers: { 'retry-after': '30' },
        })
        const page = await open('')

        await hand.fill(page.getByLabel('Name'), 'admin')
        await hand.fill(page.getByLabel('Password', { exact: true }), 'right')
        await page.keyboard.press('Enter')

        const told = page.getByText('Too many requests. Try again in 30 s.')
        await told.waitFor()

        expect(await page.getByLabel('Name').inputValue()).toBe('admin')
      })

      it('a session that ends in the middle of a form is begun again over it, and nothing is typed twice', async () => {
        const page = await open('users')
        await hand.press(page.getByRole('button', { name: 'Make a user' }))
        await hand.fill(page.getByLabel('Name').last(), 'grace')
        world.user = undefined

        await hand.press(page.getByRole('button', { name: 'Make', exact: true }))
        await page.getByRole('heading', { name: 'Sign in again' }).waitFor()
        await hand.fill(page.getByLabel('Password of admin'), 'right')
        await page.keyboard.press('Enter')
        await page.getByText('grace is made.').waitFor()

        expect(world.came.filter(({ path }) => path === 'users')).toMatchObject([
          { body: { name: 'grace', role: 'viewer' } },
          { body: { name: 'grace', role: 'viewer' } },
        ])
      })
    })

    describe('a value', () => {
      it('is shown after the password, for 30 seconds, and is nowhere before and after', async () => {
        const page = await open('secrets/HF_TOKEN')
        await page.clock.install()
        world.isFresh = false
        const before = await page.content()

        await hand.press(page.getByRole('button', { name: 'Reveal' }))
        await hand.fill(page.getByLabel('Reason'), 'On call')
        await page.keyboard.press('Enter')
        await hand.fill(page.getByLabel('Password of admin'), 'right')
        await page.keyboard.press('Enter')
        const shown = await page.locator('output.value').textContent()
        await page.clock.runFor(30_000)
        await page.locator('.masked').waitFor()
        const after = await page.content()

        expect(shown).toBe(revealed)
        expect(before + after + world.sent.join('')).not.toContain('canary')
        expect(world.came.at(-1)).toMatchObject({ path: 'secrets/HF_TOKEN/reveal', body: { reason: 'On call' } })
      })

      it('is copied without being shown, and the clipboard is cleared after it', async () => {
        const page = await open('secrets/HF_TOKEN')
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
        await page.clock.install()

        await hand.press(page.getByRole('button', { name: 'Copy' }))
        await page.getByLabel('Reason').waitFor()
        await page.keyboard.press('Enter')
        await page.getByText('Copied.').waitFor()
        const [copied, shown] = [await clipboard(page), await page.content()]
        await page.clock.runFor(30_000)

        expect(copied).toBe(revealed)
        expect(shown).not.toContain('canary')
        await expect.poll(async () => clipboard(page)).toBe('')
      })

      it('of 64 kB is stored as it was typed, and one that is refused stays in its field', async () => {
        const value = `${'x'.repeat(65_530)}\n e\u0301`
        world.planted.set('POST secrets/BIG', {
          status: 503,
          body: { status: 503, code: 'X', detail: 'The disk is full.' },
        })
        const page = await open('secrets')
        await hand.press(page.getByRole('button', { name: 'Set a secret' }))
        await hand.fill(page.getByRole('textbox', { name: 'Key' }), 'BIG')
        await hand.fill(page.getByRole('textbox', { name: 'Value' }), value)

        await hand.press(page.getByRole('button', { name: 'Store' }))
        await page.getByText('The disk is full.').waitFor()
        await hand.press(page.getByRole('button', { name: 'Store' }))
        await page.getByText('BIG is stored.').waitFor()

        expect(world.came.map(({ body }) => body)).toEqual([{ value }, { value }])
      })
    })

    it('a server that dies is told, what was typed is kept, and the page goes on when it is back', async () => {
      const page = await open('secrets')
      await hand.press(page.getByRole('button', { name: 'Set a secret' }))
      await hand.fill(page.getByRole('textbox', { name: 'Key' }), 'LATER')
      await hand.fill(page.getByRole('textbox', { name: 'Value' }), 'typed')
      await world.die()

      await hand.press(page.getByRole('button', { name: 'Store' }))
      await page.locator('.offline').waitFor()
      await page.getByText('What you typed is kept: try again when it is back.').waitFor()
      await world.revive()
      await page.locator('.offline').waitFor({ state: 'detached' })
      await hand.press(page.getByRole('button', { name: 'Store' }))
      await page.getByText('LATER is stored.').waitFor()

      expect(world.came).toMatchObject([{ path: 'secrets/LATER', body: { value: 'typed' } }])
    })

    it.each([
      [
        403,
        { code: 'PERMISSION_NEEDED', detail: 'No.' },
        'You may not do this. Ask an administrator for the permission.',
      ],
      [409, { code: 'NAME_TAKEN', detail: 'There is a user "grace" already.' }, 'There is a user "grace" already.'],
      [429, { code: 'TOO_MANY_REQUESTS', detail: '' }, 'Too many requests.'],
      [500, { code: 'INTERNAL', detail: '' }, 'The server failed at this. Try again; its log says more.'],
      [502, undefined, 'The server failed at this. Try again; its log says more.'],
      // A proxy that wants something of its own.
      [200, undefined, 'The server failed at this. Try again; its log says more.'],
    ])(
      'a change that fails (%i) is told where it was made, loses nothing typed, and is made by the same form',
      async (status, body, told) => {
        world.planted.set('POST users', { status, body: body && { ...body, status } })
        const page = await open('users')
        await hand.press(page.getByRole('button', { name: 'Make a user' }))
        await page.keyboard.type('grace')
        await page.keyboard.press('Enter')

        await page.getByRole('dialog').getByRole('alert').filter({ hasText: told }).waitFor()
        const kept = await page.getByRole('dialog').getByLabel('Name').inputValue()
        await hand.press(page.getByRole('button', { name: 'Make', exact: true }))
        await page.getByText('grace is made.').waitFor()

        expect(kept).toBe('grace')
        expect(world.came.map(({ path }) => path)).toEqual(['users', 'users'])
      },
    )

    it.each(['Store mine', 'Take theirs'])('two tabs that edit the same row lose nothing unseen: %s', async choice => {
      const [mine, theirs] = [await open('users/2'), await open('users/2')]
      await hand.fill(mine.getByLabel('Name', { exact: true }), 'mine')
      await hand.fill(theirs.getByLabel('Name', { exact: true }), 'theirs')
      await hand.press(theirs.getByRole('button', { name: 'Save' }))
      await theirs.getByText('Saved.').waitFor()

      await hand.press(mine.getByRole('button', { name: 'Save' }))
      await mine.getByRole('heading', { name: 'Somebody else has changed this' }).waitFor()
      const shown = await mine.getByRole('row', { name: 'Name' }).allTextContents()
      await hand.press(mine.getByRole('button', { name: choice }))
      await mine.locator('dialog').waitFor({ state: 'detached' })

      const kept = choice === 'Store mine' ? 'mine' : 'theirs'
      expect(shown).toEqual(['Nameminetheirs'])
      await mine.getByRole('heading', { name: kept, level: 1 }).waitFor()
      expect(world.data.get('users/2')).toMatchObject({ name: kept })
      expect(await mine.getByLabel('Name', { exact: true }).inputValue()).toBe(kept)
    })

    it('a configuration is sent as what was changed, and leaving it asks first', async () => {
      const page = await open('configuration/replicate')
      await hand.fill(page.getByLabel('US dollars'), '250.5')
      await hand.fill(page.getByLabel('Allowed addresses'), '10.0.0.0/8\n\n192.168.0.0/16')
      await hand.press(page.getByLabel('Limit what is spent'))
      const asked: string[] = []
      page.once('dialog', dialog => {
        asked.push(dialog.message())
        void dialog.dismiss()
      })

      await hand.press(page.getByRole('link', { name: 'Users' }))
      await hand.press(page.getByRole('button', { name: 'Save' }))
      await page.getByText('Saved.').waitFor()

      expect(asked).toEqual(['What you typed is not saved. Leave all the same?'])
      expect(world.came).toEqual([
        {
          method: 'PUT',
          path: 'cloud/providers/replicate/config',
          body: {
            webhook_allowed_ips: ['10.0.0.0/8', '192.168.0.0/16'],
            cost_limit_enabled: false,
            cost_limit_amount: 250.5,
          },
          ifMatch: '"1"',
        },
      ])
    })

    it('filters are in the address, and back and reload keep the place', async () => {
      const page = await open('secrets')
      await page.keyboard.press('/')
      await page.keyboard.type('same')
      await page.waitForURL('**/secrets?q=same')
      await page.reload()
      await hand.press(page.getByRole('link', { name: 'SAME' }))
      await page.waitForURL('**/secrets/SAME')
      await page.goBack()

      expect(await page.getByRole('searchbox', { name: 'Key' }).inputValue()).toBe('same')
      expect(await page.locator('tbody tr').count()).toBe(1)
    })

    it('keys lead anywhere: the jump list, the rows, the help', async () => {
      const page = await open('')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('hf_')
      await page.locator('[role=option][aria-selected=true]', { hasText: 'HF_TOKEN' }).waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL('**/secrets/HF_TOKEN')
      await page.goto(`${world.url}secrets`)
      await page.getByRole('link', { name: 'HF_TOKEN' }).waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      const focused = await page.evaluate(() => document.activeElement?.textContent)
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })

      expect(focused).toBe('SAME')
    })

    it('a part of a cache is counted before it is cleared', async () => {
      const page = await open('caches/secrets')
      await hand.press(page.getByRole('button', { name: 'Clear…' }))
      await hand.choose(page.getByLabel('What to forget'), 'all keys that begin so')
      await hand.fill(page.getByLabel('Beginning'), 'gpu:')
      await hand.press(page.getByRole('button', { name: 'Count' }))
      await page.getByText('Entries that are forgotten: 12').waitFor()
      const asked = world.came.map(({ body }) => body)
      await hand.press(page.getByRole('button', { name: 'Clear', exact: true }))
      await page.getByText('Entries forgotten: 12').waitFor()

      expect(asked).toEqual([{ prefix: 'gpu:', dryRun: true }])
      expect(world.came.at(-1)).toMatchObject({ path: 'caches/secrets/invalidate', body: { prefix: 'gpu:' } })
    })

    it('a long list draws what is in sight, keeps its place on going back, and leads back to its beginning', async () => {
      const secrets = Array.from({ length: 2000 }, (_, index) => ({
        key: `KEY_${String(index).padStart(4, '0')}`,
        found: true,
        source: 'env',
        shadowed: [],
      }))
      world.data.set('secrets', { secrets })
      world.data.set('secrets/KEY_0555/explain', { key: 'KEY_0555', status: 'missing', shadowed: [], steps: [] })
      const page = await open('secrets')
      const drawn: number[] = []
      const scrollTo = async (key: string, by: number): Promise<void> => {
        const row = page.getByRole('link', { name: key, exact: true })
        while ((await row.count()) === 0) {
          await hand.scroll(page, by)
          // What is sent ahead of what is drawn would lead past the row.
          await page.evaluate(
            async () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
          )
          drawn.push(await page.locator('tbody tr').count())
        }
      }
      await scrollTo('KEY_0555', 700)
      await hand.pressRow(page.getByRole('link', { name: 'KEY_0555' }))
      await page.getByRole('heading', { name: 'KEY_0555' }).waitFor()
      await page.goBack()
      await page.getByRole('link', { name: 'KEY_0555' }).waitFor()
      const isInSight = async (): Promise<boolean> =>
        page.getByRole('link', { name: 'KEY_0555' }).evaluate(link => {
          const { top, bottom } = link.getBoundingClientRect()
          return top >= 0 && bottom <= innerHeight
        })
      await expect.poll(isInSight).toBe(true)
      await scrollTo('KEY_0000', -3000)

      expect(Math.max(...drawn)).toBe(150)
      expect(browser.complaints).toEqual([])
    })

    it('the audit log reads on at its end, and its verification is drawn', async () => {
      const page = await open('audit?outcome=refused')
      await page.getByText('100,000').first().waitFor()
      await hand.press(page.getByRole('button', { name: 'Verify the whole log' }))
      await page.getByText('Entries verified: 100,000.').waitFor()
      const problems = [{ kind: 'missing', sequence: 12, count: 3 }]
      world.planted.set('GET audit/verify', {
        status: 200,
        body: { valid: false, checked: 9, problemCount: 1, problems },
      })
      await hand.press(page.getByRole('button', { name: 'Verify the whole log' }))
      await page.getByText('is missing, with as many as 3').waitFor()
      await page.locator('.more').scrollIntoViewIfNeeded()

      await expect.poll(async () => page.locator('tbody tr').count()).toBeGreaterThan(40)
    })

    it('a list whose next part is refused says so where it ends, asks again only when told to, and goes on there', async () => {
      const refused = { status: 429, body: { status: 429, code: 'TOO_MANY_REQUESTS', detail: '' } }
      const page = await open('audit')
      await page.locator('tbody tr').nth(39).waitFor()
      const asked: string[] = []
      page.on('request', request => request.url().includes('cursor=') && asked.push(request.url()))
      world.planted.set('GET audit', refused)
      await page.locator('.more').scrollIntoViewIfNeeded()
      const told = page.getByText('Too many requests.')
      await told.waitFor()
      world.planted.set('GET audit', refused)
      await hand.press(page.getByRole('button', { name: 'Try again' }))
      await expect.poll(() => world.planted.size).toBe(0)
      const kept = await page.locator('tbody tr').count()
      const askedBefore = asked.length
      await hand.press(page.getByRole('button', { name: 'Try again' }))
      await told.waitFor({ state: 'detached' })

      expect([kept, askedBefore]).toEqual([40, 2])
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(40)
    })

    it('a list that was cut off by a server that died goes on where it was when the server is back', async () => {
      const page = await open('audit')
      await page.locator('tbody tr').nth(39).waitFor()
      await world.die()
      await page.locator('.more').scrollIntoViewIfNeeded()
      await page.locator('.offline').waitFor()
      const kept = await page.locator('tbody tr').count()
      await world.revive()
      await page.locator('tbody tr').nth(40).waitFor()

      expect(kept).toBe(40)
    })

    it('a list that is asked for again before it has come still reads on', async () => {
      const page = await open('audit')
      await page.locator('tbody tr').nth(39).waitFor()
      const asked = Promise.withResolvers<void>()
      await page.route(/outcome=refused/, () => asked.resolve())
      await hand.choose(page.getByLabel('Outcome'), 'refused')
      await asked.promise
      await hand.choose(page.getByLabel('Outcome'), 'All')
      await page.locator('.more').scrollIntoViewIfNeeded()
      await page.locator('tbody tr').nth(40).waitFor()

      expect(await page.getByLabel('Outcome').inputValue()).toBe('')
    })

    it('a form that is saved goes on from what was stored, with what is typed next', async () => {
      const page = await open('configuration/replicate')
      const dollars = page.getByLabel('US dollars')
      await hand.fill(dollars, '12.5')
      await hand.press(page.getByRole('button', { name: 'Save' }))
      await page.getByText('Saved.').waitFor()
      await hand.fill(dollars, '77')
      await hand.press(page.getByRole('button', { name: 'Save' }))
      await expect.poll(() => world.came.length).toBe(2)
      await expect.poll(async () => page.getByText('Saved.').count()).toBe(2)

      expect(world.came.map(({ ifMatch }) => ifMatch)).toEqual(['"1"', '"2"'])
      expect(await dollars.inputValue()).toBe('77')
    })

    it('who may not is told so in words, and is offered nothing that is refused', async () => {
      world.user = viewer
      const page = await open('audit')

      await page.getByText('It takes the permission admin.audit: ask an administrator.').waitFor()
      const views = await page.getByRole('navigation', { name: 'Views' }).getByRole('link').allTextContents()
      await page.goto(`${world.url}secrets/HF_TOKEN`)
      await page.getByText('How it was asked').waitFor()

      expect(views).not.toContain('Audit log')
      expect(views).toContain('Secrets')
      expect(await page.getByRole('button', { name: /Reveal|Set|Delete/ }).count()).toBe(0)
    })

    it('every list says when it is empty and when it cannot be had, and what to do', async () => {
      world.data.set('secrets', { secrets: [] })
      world.planted.set('GET users/me/credentials', {
        status: 500,
        body: { status: 500, code: 'INTERNAL', detail: '' },
      })
      const page = await open('secrets')
      await page.getByText('Set a secret here, or configure a provider that lists its keys.').waitFor()

      await page.goto(`${world.url}credentials`)
      await page.getByText('The server failed at this.').waitFor()
      await hand.press(page.getByRole('button', { name: 'Try again' }))

      await page.getByRole('link', { name: 'api_token' }).first().waitFor()
      expect(await page.getByText('The server failed at this.').count()).toBe(0)
    })

    it('what is told only once is shown once', async () => {
      const page = await open('account')
      await hand.press(page.getByRole('button', { name: 'Make a token' }))
      await hand.fill(page.getByLabel('Name'), 'CI')
      await hand.press(page.getByRole('button', { name: 'Make', exact: true }))
      await page.getByText('st_once_only').waitFor()
      await hand.press(page.getByRole('button', { name: 'Close' }).last())

      expect(await page.content()).not.toContain('st_once_only')
    })
  })
})

async function clipboard(page: Page): Promise<string> {
  return page.evaluate(async () => navigator.clipboard.readText())
}
