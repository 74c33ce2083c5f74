import { Button } from '../parts/button.tsx'
import { Card, ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { request } from '../api/request.ts'
import type { KeyView, Rotation } from '../api/shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { Question } from '../parts/question.tsx'
import { Figure } from '../parts/figure.tsx'
import { Moment } from '../parts/moment.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { formatNumber, formatPercent, formatSeconds } from '../words/formats.ts'
import { m, type Message, t } from '../words/translate.ts'
import { Backup } from './backup.tsx'
import { useRotation } from './use-rotation.ts'

/** `keys`: the key of the credentials, changing it, and backups. */
export function KeysView(): VNode {
  const key = useResource<KeyView>('keys')
  return (
    <>
      <ViewHeader title={t('Keys')} />
      <p class="lead">{t('The key that encrypts the credentials. The key itself never leaves the server.')}</p>
      <Shown of={key}>{told => <KeyCard told={told} onChange={key.reload} />}</Shown>
      {settings.parts.includes('backup') && may('admin.backup') && <Backup />}
    </>
  )
}

function KeyCard({ told, onChange }: { readonly told: KeyView; readonly onChange: () => void }): VNode {
  const [isAsking, setAsking] = useState(false)
  const rotation = useRotation(told.rotation, onChange)
  const isRunning = rotation !== undefined && rotation.state !== 'done' && rotation.state !== 'failed'
  return (
    <Card
      title={t('Key of the credentials')}
      actions={
        !isRunning && (
          <Button class="primary" onClick={() => setAsking(true)}>
            {t('Change the key…')}
          </Button>
        )
      }
    >
      <KeyFigures told={told} />
      {told.advice !== undefined && <p class="note warn">{told.advice}</p>}
      {rotation !== undefined && <Progress rotation={rotation} onChange={onChange} />}
      {isAsking && (
        <Question
          isDangerous
          title={t('Change the key?')}
          submit={t('Change the key…')}
          onClose={() => setAsking(false)}
          onSubmit={async () => {
            await request('keys/rotation', { method: 'POST' })
            toast(t('The key is being changed.'))
            onChange()
          }}
        >
          <p>
            {t(
              'All credentials are encrypted anew and then verified, while the server goes on. The old key is kept until the end.',
            )}
          </p>
          <p>{t('Make a backup first.')}</p>
        </Question>
      )}
    </Card>
  )
}

function KeyFigures({ told }: { readonly told: KeyView }): VNode {
  const { source, fingerprint, since, ageDays, nextFingerprint, previousFingerprint } = told
  return (
    <dl class="figures">
      <Figure label={t('Source')}>{source === 'file' ? t('a file of the server') : t('the environment')}</Figure>
      <Figure label={t('Fingerprint')}>
        <span class="code">{fingerprint}</span>
      </Figure>
      <Figure label={t('In use since')}>
        <Moment at={since} /> {ageDays !== undefined && t('({days} days)', { days: ageDays })}
      </Figure>
      {nextFingerprint !== undefined && (
        <Figure label={t('Next key')}>
          <span class="code">{nextFingerprint}</span>
        </Figure>
      )}
      {previousFingerprint !== undefined && (
        <Figure label={t('Key of before, still needed')}>
          <span class="code">{previousFingerprint}</span>
        </Figure>
      )}
    </dl>
  )
}

const states: Readonly<Record<Rotation['state'], readonly [Tone, Message]>> = {
  reencrypting: ['warn', m('encrypting anew')],
  verifying: ['warn', m('verifying')],
  failed: ['bad', m('some values cannot be decrypted')],
  done: ['good', m('done and verified')],
}

function Progress({ rotation, onChange }: { readonly rotation: Rotation; readonly onChange: () => void }): VNode {
  const { state, isPaused, progress, total, processed, failed, rate, secondsLeft, startedAt, finishedAt } = rotation
  const { isBusy, problem, run } = useAction()
  const [tone, message] = states[state]
  const isRunning = state === 'reencrypting' || state === 'verifying'
  const change = (what: 'pause' | 'resume'): void =>
    void run(async () => {
      await request(`keys/rotation/${what}`, { method: 'POST' })
      onChange()
    })
  return (
    <section aria-labelledby="rotation">
      <header class="view">
        <h3 id="rotation">{t('Latest change of the key')}</h3>
        <Badge tone={isPaused ? 'quiet' : tone}>{isPaused ? t('paused') : t(message)}</Badge>
        {isRunning && (
          <Button disabled={isBusy} onClick={() => change(isPaused ? 'resume' : 'pause')}>
            {isPaused ? t('Resume') : t('Pause')}
          </Button>
        )}
      </header>
      <progress value={progress} max={1} aria-label={t('Progress')} />
      <dl class="figures">
        <Figure label={t('Progress')}>{formatPercent(progress)}</Figure>
        <Figure label={t('In this step')}>{`${formatNumber(processed)} / ${formatNumber(total)}`}</Figure>
        <Figure label={t('Not decryptable')}>{formatNumber(failed)}</Figure>
        {rate !== undefined && <Figure label={t('Values a second')}>{formatNumber(rate)}</Figure>}
        {secondsLeft !== undefined && <Figure label={t('Time left')}>{formatSeconds(secondsLeft)}</Figure>}
        <Figure label={t('Begun')}>
          <Moment at={startedAt} />
        </Figure>
        {finishedAt !== undefined && (
          <Figure label={t('Finished')}>
            <Moment at={finishedAt} />
          </Figure>
        )}
      </dl>
      {state === 'failed' && (
        <p class="fix">
          {t('The old key is still needed. Restore or replace these credentials, then change the key again.')}
        </p>
      )}
      <ProblemNote problem={problem} />
    </section>
  )
}
