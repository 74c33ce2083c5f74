import type { VNode } from 'preact'
import { ruleOf } from '../state/settings.ts'
import type { CredentialAges } from '../api/shapes.ts'
import { useDraft } from '../api/use-draft.ts'
import { useResource } from '../api/use-resource.ts'
import { ConflictDialog, useConflict } from '../parts/conflict.tsx'
import { Field } from '../parts/field.tsx'
import { type Fields, Form } from '../parts/form.tsx'
import { Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

const path = 'cloud/settings/credentials'

/** When credentials count as old. */
export function CredentialSettings(): VNode {
  const { shown, note, end, key } = useDraft(useResource<CredentialAges>(path))
  const conflict = useConflict<CredentialAges>(path)
  const save = async (field: Fields): Promise<void> => {
    const mine: CredentialAges = {
      stale_threshold_days: Number(field('days')),
      early_warning_enabled: field('warning') === 'on',
      early_warning_percent: Number(field('percent')),
    }
    const stored = await conflict.save({ method: 'PUT', json: mine, ifMatch: shown.etag }, { ...mine })
    toast(t('Saved.'))
    end(stored)
  }
  return (
    <details class="card" onInput={note}>
      <summary>{t('When credentials count as old')}</summary>
      <Shown of={shown}>{settings => <SettingsForm key={key} settings={settings} onSave={save} />}</Shown>
      <ConflictDialog
        conflict={conflict}
        onSaved={end}
        labels={{
          stale_threshold_days: t('Stale after days'),
          early_warning_enabled: t('Warn before they are stale'),
          early_warning_percent: t('Expiring from this percentage on'),
        }}
      />
    </details>
  )
}

interface SettingsFormProps {
  readonly settings: CredentialAges
  readonly onSave: (field: Fields) => Promise<void>
}

function SettingsForm({ settings, onSave }: SettingsFormProps): VNode {
  const { stale_threshold_days: days, early_warning_enabled: isWarned, early_warning_percent: percent } = settings
  return (
    <Form submit={t('Save')} onSubmit={onSave}>
      <Field
        name="days"
        label={t('Stale after days')}
        rule={ruleOf('ages', 'stale_threshold_days')}
        defaultValue={days}
      />
      <Field
        name="percent"
        label={t('Expiring from this percentage on')}
        rule={ruleOf('ages', 'early_warning_percent')}
        defaultValue={percent}
      />
      <label class="check">
        <input type="checkbox" name="warning" defaultChecked={isWarned} /> {t('Warn before they are stale')}
      </label>
    </Form>
  )
}
