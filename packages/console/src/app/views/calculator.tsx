import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { ruleOf } from '../state/settings.ts'
import { request } from '../api/request.ts'
import { Choice, Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Card } from '../parts/layout.tsx'
import { t } from '../words/translate.ts'
import type { Prices } from '../api/shapes.ts'

/** What a job costs, calculated by the server with exact decimals. */
export function Calculator({ prices }: { readonly prices: Prices }): VNode {
  const [cost, setCost] = useState<string>()
  return (
    <Card title={t('What would it cost?')}>
      <Form
        submit={t('Calculate')}
        onSubmit={async field => {
          const json = {
            hardware: field('hardware'),
            seconds: Number(field('hours')) * 3600,
            gpus: Number(field('gpus')),
            digits: 2,
          }
          setCost((await request<{ readonly cost: string }>('hardware/cost', { json })).data.cost)
        }}
      >
        <div class="columns">
          <Choice
            name="hardware"
            label={t('Hardware')}
            options={Object.entries(prices).map(([id, { name }]) => [id, name])}
          />
          <Field name="hours" label={t('Hours')} rule={ruleOf('cost', 'hours')} required defaultValue="1" />
          <Field name="gpus" label={t('GPUs')} rule={ruleOf('cost', 'gpus')} required defaultValue="1" />
        </div>
      </Form>
      <p role="status" class="result">
        {cost !== undefined && `$${cost}`}
      </p>
    </Card>
  )
}
