import { Button } from '../parts/button.tsx'
import { Card } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useAction } from '../api/use-action.ts'
import { pathOf, request } from '../api/request.ts'
import type { SessionRow } from '../api/shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { t } from '../words/translate.ts'

/** Where somebody is signed in, and ending that. */
export function SessionTable({ owner }: { readonly owner: string }): VNode {
  const path = pathOf('users', owner, 'sessions')
  const list = useResource<{ readonly sessions: readonly SessionRow[] }>(path)
  const { isBusy, problem, run } = useAction()
  const end = (target: typeof path | `${typeof path}/${number}`): void =>
    void run(async () => {
      await request(target, { method: 'DELETE' })
      list.reload()
    })
  const others = list.data?.sessions.filter(({ isCurrent }) => !isCurrent).length ?? 0
  const isOwn = others < (list.data?.sessions.length ?? 0)
  return (
    <Card
      title={t('Signed in at')}
      actions={
        others > 0 && (
          <Button disabled={isBusy} onClick={() => end(path)}>
            {isOwn ? t('End all but this one') : t('End all')}
          </Button>
        )
      }
    >
      <ProblemNote problem={problem} />
      <Shown of={list}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <Empty title={t('Nowhere at present.')} />
          ) : (
            <Rows sessions={sessions} isBusy={isBusy} onEnd={id => end(`${path}/${id}`)} />
          )
        }
      </Shown>
    </Card>
  )
}

interface RowsProps {
  readonly sessions: readonly SessionRow[]
  readonly isBusy: boolean
  readonly onEnd: (id: number) => void
}

function Rows({ sessions, isBusy, onEnd }: RowsProps): VNode {
  const action = ({ id, isCurrent }: SessionRow): VNode =>
    isCurrent ? (
      <Badge tone="good">{t('this one')}</Badge>
    ) : (
      <Button disabled={isBusy} onClick={() => onEnd(id)}>
        {t('End')}
      </Button>
    )
  return (
    <Table
      caption={t('Signed in at')}
      rows={sessions}
      rowKey={({ id }) => id}
      columns={[
        { label: t('From where'), cell: ({ ip }) => ip ?? '–' },
        { label: t('Since'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { label: t('Last seen'), cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
        { label: t('Actions'), isAction: true, cell: action },
      ]}
    />
  )
}
