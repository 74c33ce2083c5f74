import { Button } from '../parts/button.tsx'
import { Card } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useAction } from '../api/use-action.ts'
import { request } from '../api/request.ts'
import type { Credential, CredentialPath, CredentialVersion } from '../api/shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Shown } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

/** The values that a credential has had, without the values, and going back to one. */
export function CredentialHistory({
  path,
  credential,
  onChange,
}: {
  readonly path: CredentialPath
  readonly credential: Credential
  readonly onChange: () => void
}): VNode {
  const history = useResource<{ readonly versions: readonly CredentialVersion[] }>(`${path}/history`)
  const { isBusy, problem, run } = useAction()
  const restore = (version: number): void =>
    void run(async () => {
      await request(`${path}/restore`, { json: { version } })
      toast(t('Version {version} is used again, as a new version.', { version }))
      history.reload()
      onChange()
    })
  return (
    <Card title={t('History')}>
      <ProblemNote problem={problem} />
      <Shown of={history}>
        {({ versions }) => (
          <VersionTable versions={versions} current={credential.version} isBusy={isBusy} onRestore={restore} />
        )}
      </Shown>
    </Card>
  )
}

interface VersionTableProps {
  readonly versions: readonly CredentialVersion[]
  readonly current: number
  readonly isBusy: boolean
  readonly onRestore: (version: number) => void
}

function VersionTable({ versions, current, isBusy, onRestore }: VersionTableProps): VNode {
  const action = ({ version }: CredentialVersion): VNode =>
    version === current ? (
      <Badge tone="good">{t('in use')}</Badge>
    ) : (
      <Button disabled={isBusy} onClick={() => onRestore(version)}>
        {t('Use version {version} again', { version })}
      </Button>
    )
  return (
    <Table
      caption={t('History')}
      rows={versions}
      rowKey={({ version }) => version}
      columns={[
        { label: t('Version'), cell: ({ version }) => version },
        { label: t('Stored'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { label: t('By'), cell: ({ createdBy }) => <bdi>{createdBy ?? '–'}</bdi> },
        { label: t('Actions'), isAction: true, cell: action },
      ]}
    />
  )
}
