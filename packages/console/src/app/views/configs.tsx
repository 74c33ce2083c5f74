import { Card, ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { pathOf } from '../api/request.ts'
import { usePages } from '../api/use-pages.ts'
import { useDraft } from '../api/use-draft.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { ConflictDialog, useConflict } from '../parts/conflict.tsx'
import { Field } from '../parts/field.tsx'
import { type Fields, Form } from '../parts/form.tsx'
import { PagedList } from '../parts/paged-list.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { hrefOf, navigate } from '../state/route.ts'
import { may } from '../state/session.ts'
import { t } from '../words/translate.ts'
import type { ProviderConfig, StoredConfig } from '../api/shapes.ts'
import { changesIn, configFields, sentencesOf } from './config-fields.ts'
import { ConfigField } from './config-field.tsx'

/** `configuration`: the providers of the work; `configuration/NAME`: one of them. */
export function ConfigsView({ shown }: { readonly shown?: string | undefined }): VNode {
  return shown === undefined ? <ConfigList /> : <ConfigForm key={shown} name={shown} />
}

function ConfigList(): VNode {
  const pages = usePages<{ readonly name: string; readonly isConfigured: boolean }>('cloud/providers', 'providers')
  return (
    <>
      <ViewHeader title={t('Configuration')} />
      <p class="lead">{t('Of the services that do the work: webhooks, limits of cost, connection.')}</p>
      <PagedList
        pages={pages}
        empty={
          <Empty title={t('No provider is configured yet.')}>
            <p>{t('Name one below.')}</p>
          </Empty>
        }
      >
        {providers => (
          <ul class="list card">
            {providers.map(({ name, isConfigured }) => (
              <li key={name}>
                <a href={hrefOf(['configuration', name])}>
                  <bdi>{name}</bdi>
                </a>
                {!isConfigured && <Badge tone="quiet">{t('not configured')}</Badge>}
              </li>
            ))}
          </ul>
        )}
      </PagedList>
      {may('provider.configure') && (
        <Card title={t('Another provider')}>
          <Form submit={t('Configure')} onSubmit={async field => navigate(hrefOf(['configuration', field('name')]))}>
            <Field name="name" label={t('Name')} required maxLength={200} hint={t('Such as replicate.')} />
          </Form>
        </Card>
      )}
    </>
  )
}

function ConfigForm({ name }: { readonly name: string }): VNode {
  const path = pathOf('cloud', 'providers', name, 'config')
  const { shown, note, end, key } = useDraft(useResource<StoredConfig>(path))
  const conflict = useConflict<StoredConfig>(path)
  const { data, etag } = shown
  const save = async (field: Fields): Promise<void> => {
    const mine = changesIn(data?.config ?? {}, field)
    const stored = await conflict.save({ method: 'PUT', json: mine, ifMatch: etag }, { ...data?.config, ...mine })
    toast(t('Saved.'))
    end(stored)
  }
  const { found } = conflict
  return (
    <>
      <ViewHeader title={<bdi>{name}</bdi>} trail={[t('Configuration'), hrefOf(['configuration'])]} />
      {!may('provider.configure') && <p class="note">{t('You may see this and not change it.')}</p>}
      <Shown of={shown}>
        {({ config, withheld = [] }) => (
          <div key={key} onInput={note}>
            <Form submit={t('Save')} onSubmit={save}>
              {withheld.length > 0 && (
                <p class="note">{t('Set, and not shown to you: {names}', { names: withheld.join(', ') })}</p>
              )}
              <Groups config={config} />
            </Form>
          </div>
        )}
      </Shown>
      <ConflictDialog
        conflict={{ ...conflict, ...(found && { found: { ...found, theirs: flat(found.theirs) } }) }}
        onSaved={end}
        labels={labels()}
      />
    </>
  )
}

function Groups({ config }: { readonly config: ProviderConfig }): VNode {
  return (
    <fieldset disabled={!may('provider.configure')}>
      {configFields().map(({ title, fields }) => (
        <Card key={title} title={title}>
          <div class="columns">
            {sentencesOf(fields).map(sentence => (
              <div key={sentence[0]?.name} class="sentence">
                {sentence.map(field => (
                  <ConfigField key={field.name} field={field} config={config} />
                ))}
              </div>
            ))}
          </div>
        </Card>
      ))}
    </fieldset>
  )
}

function flat({ config, ...rest }: StoredConfig): StoredConfig {
  return { ...rest, ...config, config }
}

function labels(): Readonly<Record<string, string>> {
  return Object.fromEntries(configFields().flatMap(({ fields }) => fields.map(({ name, label }) => [name, label])))
}
