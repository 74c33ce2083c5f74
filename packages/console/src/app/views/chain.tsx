import type { VNode } from 'preact'
import type { SecretExplanation, StepView } from '../../api-shapes.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { formatMs } from '../words/formats.ts'
import { m, type Message, t } from '../words/translate.ts'

/** The providers in the order in which a key was asked for, with what each said and how long it took. */
export function Chain({ explanation }: { readonly explanation: SecretExplanation }): VNode {
  const { steps, source } = explanation
  const longest = Math.max(...steps.map(({ durationMs }) => durationMs), 0.001)
  return (
    <ol class="chain">
      {steps.map(step => (
        <li key={step.provider} class={step.provider === source ? 'winner' : undefined}>
          <div>
            <b>{step.provider}</b> <Outcome step={step} explanation={explanation} />
            <span class="number">{step.attempts === 0 ? '–' : formatMs(step.durationMs)}</span>
          </div>
          <meter
            min={0}
            max={longest}
            value={step.durationMs}
            aria-label={t('Time of {name}', { name: step.provider })}
          >
            {formatMs(step.durationMs)}
          </meter>
          <StepNotes step={step} />
        </li>
      ))}
    </ol>
  )
}

function Outcome({
  step: { provider, outcome },
  explanation: { source, shadowed },
}: {
  readonly step: StepView
  readonly explanation: SecretExplanation
}): VNode {
  const hidden = shadowed.find(answer => answer.provider === provider)
  if (outcome === 'hit' && hidden !== undefined) {
    const text = hidden.sameValue ? t('has the same value') : t('has another value')
    return <Badge tone={hidden.sameValue ? 'quiet' : 'warn'}>{text}</Badge>
  }
  const [tone, message] = provider === source ? (['good', m('answers')] as const) : outcomes[outcome]
  return <Badge tone={tone}>{t(message)}</Badge>
}

const outcomes: Readonly<Record<StepView['outcome'], readonly [Tone, Message]>> = {
  hit: ['good', m('has it')],
  missing: ['quiet', m('does not have it')],
  failed: ['bad', m('could not be asked')],
  skipped: ['quiet', m('is not configured')],
  not_reached: ['quiet', m('was not asked')],
}

function StepNotes({
  step: { message, hint, locator, version, attempts, detail },
}: {
  readonly step: StepView
}): VNode {
  const facts = [
    ...(locator === undefined ? [] : [locator]),
    ...(version === undefined ? [] : [t('version {version}', { version })]),
    ...(attempts > 1 ? [t('asked {count} times', { count: attempts })] : []),
  ]
  return (
    <>
      {facts.length > 0 && <small class="quiet code">{facts.join(' · ')}</small>}
      {message !== undefined && <p>{[message, detail].filter(Boolean).join(' ')}</p>}
      {hint !== undefined && <p class="fix">{hint}</p>}
    </>
  )
}
