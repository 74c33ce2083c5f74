import type { VNode } from 'preact'
import { useDraft } from '../api/use-draft.ts'
import { useResource } from '../api/use-resource.ts'
import { ConflictDialog, useConflict } from '../parts/conflict.tsx'
import { Field } from '../parts/field.tsx'
import { type Fields, Form } from '../parts/form.tsx'
import { Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

interface Settings {
  readonly stale_threshold_days: number
  readonly early_warning_enabled: boolean
  readonly early_warning_percent: number
}

const path = 'cloud/settings/credentials'

/** When credentials count as old. */
export function CredentialSettings(): VNode {
  const { shown, note, end } = useDraft(useResource<Settings>(path))
  const conflict = useConflict<Settings>(path)
  const save = async (field: Fields): Promise<void> => {
    const mine: Settings = {
      stale_threshold_days: Number(field('days')),
      early_warning_enabled: field('warning') === 'on',
      early_warning_percent: Number(field('percent')),
    }
    await conflict.save({ method: 'PUT', json: mine, ifMatch: shown.etag }, { ...mine })
    toast(t('Saved.'))
    end()
  }
  return (
    <details class="card" onInput={note}>
      <summary>{t('When credentials count as old')}</summary>
      <Shown of={shown}>{settings => <SettingsForm key={shown.etag} settings={settings} onSave={save} />}</Shown>
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
  readonly settings: Settings
  readonly onSave: (field: Fields) => Promise<void>
}

function SettingsForm({ settings, onSave }: SettingsFormProps): VNode {
  const { stale_threshold_days: days, early_warning_enabled: isWarned, early_warning_percent: percent } = settings
  return (
    <Form submit={t('Save')} onSubmit={onSave}>
      <Field name="days" type="number" label={t('Stale after days')} min={1} max={365} required defaultValue={days} />
      <Field
        name="percent"
        type="number"
        label={t('Expiring from this percentage on')}
        min={1}
        max={99}
        required
        defaultValue={percent}
      />
      <label class="check">
        <input type="checkbox" name="warning" defaultChecked={isWarned} /> {t('Warn before they are stale')}
      </label>
    </Form>
  )
}
