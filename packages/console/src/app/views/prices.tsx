import { Button } from '../parts/button.tsx'
import type { JSX, VNode } from 'preact'
import { Card, ViewHeader } from '../parts/layout.tsx'
import { useState } from 'preact/hooks'
import { RequestProblem } from '../api/request.ts'
import { useResource } from '../api/use-resource.ts'
import { type Conflict, ConflictDialog, useConflict } from '../parts/conflict.tsx'
import { Question } from '../parts/question.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { toast } from '../parts/toast.tsx'
import { may } from '../state/session.ts'
import { t } from '../words/translate.ts'
import { Calculator } from './calculator.tsx'
import { ruleOf } from '../state/settings.ts'
import type { HardwarePrices, Price, Prices } from '../api/shapes.ts'

/** A row that is being edited; `null` is one that is to go. */
type Draft = Readonly<Record<string, Price | null>>

/** `prices`: what hardware costs, editing that, and what a job would cost. */
export function PricesView(): VNode {
  const told = useResource<HardwarePrices>('hardware')
  return (
    <>
      <ViewHeader title={t('Hardware prices')} />
      <p class="lead">{t('US dollars a second of use. Jobs are estimated with these.')}</p>
      <Shown of={told}>
        {({ hardware }) => (
          <>
            <PriceTable key={told.etag} prices={hardware} etag={told.etag} onSaved={told.reload} />
            <Calculator prices={hardware} />
          </>
        )}
      </Shown>
    </>
  )
}

interface PriceTableProps {
  readonly prices: Prices
  readonly etag: string | undefined
  readonly onSaved: () => void
}

function PriceTable({ prices, etag, onSaved }: PriceTableProps): VNode {
  const [draft, setDraft] = useState<Draft>({})
  const [isPreview, setPreview] = useState(false)
  const conflict = useConflict<HardwarePrices>('hardware')
  const edited = withDraft(prices, draft)
  const isAllowed = may('provider.configure')
  const change = (id: string, price: Price | null): void => setDraft({ ...draft, [id]: price })
  const save = async (): Promise<void> => {
    const sent = { method: 'PUT', json: { hardware: edited }, ifMatch: etag } as const
    await conflict.save(sent, asText(edited))
    toast(t('Saved.'))
    onSaved()
  }
  const hasChanges = differences(prices, edited).length > 0
  return (
    <Card title={t('Prices')}>
      <Rows prices={prices} edited={edited} isAllowed={isAllowed} onChange={change} />
      {isAllowed && <NewRow onAdd={change} />}
      {isAllowed && (
        <div class="actions">
          <Button class="primary" disabled={!hasChanges} onClick={() => setPreview(true)}>
            {t('Review the changes…')}
          </Button>
        </div>
      )}
      {isPreview && (
        <Question
          isDangerous
          title={t('Change these prices?')}
          submit={t('Save')}
          onClose={() => setPreview(false)}
          onSubmit={() => save().catch(leaveToConflict)}
        >
          <Differences before={prices} after={edited} />
        </Question>
      )}
      <PriceConflict conflict={conflict} edited={edited} onSaved={onSaved} />
    </Card>
  )
}

interface PriceConflictProps {
  readonly conflict: Conflict<HardwarePrices>
  readonly edited: Prices
  readonly onSaved: () => void
}

function PriceConflict({ conflict, edited, onSaved }: PriceConflictProps): VNode {
  const { found } = conflict
  return (
    <ConflictDialog
      conflict={{ ...conflict, ...(found && { found: { ...found, theirs: merged(found.theirs) } }) }}
      onSaved={onSaved}
      labels={Object.fromEntries(Object.keys({ ...found?.theirs.hardware, ...edited }).map(id => [id, id]))}
    />
  )
}

interface RowsProps {
  readonly prices: Prices
  readonly edited: Prices
  readonly isAllowed: boolean
  readonly onChange: (id: string, price: Price | null) => void
}

function Rows({ prices, edited, isAllowed, onChange }: RowsProps): VNode {
  const ids = [...new Set([...Object.keys(prices), ...Object.keys(edited)])]
  if (ids.length === 0) return <Empty title={t('There is no hardware yet.')} />
  const action = (id: string): VNode | false => {
    const isKept = edited[id] !== undefined
    return (
      isAllowed && (
        <Button
          aria-label={isKept ? t('Remove {name}', { name: id }) : t('Keep {name}', { name: id })}
          onClick={() => onChange(id, isKept ? null : (prices[id] ?? null))}
        >
          {isKept ? t('Remove') : t('Keep')}
        </Button>
      )
    )
  }
  return (
    <Table
      caption={t('Prices')}
      rows={ids}
      rowKey={id => id}
      columns={[
        { label: t('Hardware'), cell: id => <span class="code">{id}</span> },
        { label: t('Name'), cell: id => (edited[id] ?? prices[id])?.name },
        {
          label: t('US dollars a second'),
          isNumber: true,
          cell: id => <PriceInput id={id} price={edited[id]} isAllowed={isAllowed} onChange={onChange} />,
        },
        { label: t('an hour'), isNumber: true, cell: id => hourly(edited[id]) },
        { label: t('Actions'), isAction: true, cell: action },
      ]}
    />
  )
}

/** A conflict has a dialogue of its own, which stands in the place of this one. */
function leaveToConflict(error: unknown): void {
  if (error instanceof RequestProblem && error.status === 412) return
  throw error
}

function merged(theirs: HardwarePrices): HardwarePrices {
  return { ...theirs, ...asText(theirs.hardware) }
}

function asText(prices: Prices): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(prices).map(([id, { name, cost_per_second: cost }]) => [id, `${name}: ${cost}`]),
  )
}

function withDraft(prices: Prices, draft: Draft): Prices {
  const all = Object.entries({ ...prices, ...draft })
  return Object.fromEntries(all.flatMap(([id, price]) => (price === null ? [] : [[id, price] as const])))
}

function hourly(price: Price | undefined): string {
  return price === undefined ? '–' : `$${(price.cost_per_second * 3600).toFixed(2)}`
}

function PriceInput({
  id,
  price,
  isAllowed,
  onChange,
}: {
  readonly id: string
  readonly price: Price | undefined
  readonly isAllowed: boolean
  readonly onChange: (id: string, price: Price) => void
}): VNode {
  if (price === undefined) return <s>{t('removed')}</s>
  if (!isAllowed) return <>{price.cost_per_second}</>
  // A number's: which of its attributes may stand together is a matter of the schema.
  const rule = ruleOf('price', 'cost_per_second') as JSX.IntrinsicElements['input']
  return (
    <input
      {...rule}
      aria-label={t('Price of {name}', { name: id })}
      defaultValue={price.cost_per_second}
      onChange={event => {
        const cost = event.currentTarget.valueAsNumber
        if (event.currentTarget.validity.valid) onChange(id, { ...price, cost_per_second: cost })
      }}
    />
  )
}

function NewRow({ onAdd }: { readonly onAdd: (id: string, price: Price) => void }): VNode {
  const [count, setCount] = useState(0)
  return (
    <details>
      <summary>{t('Add hardware')}</summary>
      <Form
        key={count}
        submit={t('Add')}
        onSubmit={async field => {
          onAdd(field('id'), { name: field('name'), cost_per_second: Number(field('cost')) })
          setCount(count + 1)
        }}
      >
        <Field name="id" label={t('Hardware')} required hint={t('Such as gpu-l40s.')} />
        <Field name="name" label={t('Name')} rule={ruleOf('price', 'name')} />
        <Field name="cost" label={t('US dollars a second')} rule={ruleOf('price', 'cost_per_second')} />
      </Form>
    </details>
  )
}

function differences(before: Prices, after: Prices): readonly string[] {
  const [old, next] = [asText(before), asText(after)]
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].filter(id => old[id] !== next[id])
}

function Differences({ before, after }: { readonly before: Prices; readonly after: Prices }): VNode {
  const [old, next] = [asText(before), asText(after)]
  return (
    <Table
      caption={t('Changes')}
      rows={differences(before, after)}
      rowKey={id => id}
      columns={[
        { label: t('Hardware'), cell: id => <span class="code">{id}</span> },
        { label: t('Until now'), cell: id => old[id] ?? '–' },
        { label: t('From now on'), cell: id => next[id] ?? t('removed') },
      ]}
    />
  )
}
