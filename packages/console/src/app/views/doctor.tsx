import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import type { FindingView } from '../../api-shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Empty, Shown } from '../parts/states.tsx'
import { t } from '../words/translate.ts'
import { Findings } from './findings.tsx'

/** What the doctor found. */
export interface DoctorReport {
  readonly findings: readonly FindingView[]
}

/** What is to be mended, of all parts of the server. */
export function Doctor(): VNode {
  const report = useResource<DoctorReport>('doctor')
  return (
    <section aria-labelledby="doctor">
      <header class="view">
        <h2 id="doctor">{t('Doctor')}</h2>
        <Button onClick={report.reload} disabled={report.isLoading}>
          {report.isLoading ? t('Working…') : t('Look again')}
        </Button>
      </header>
      <Shown of={report}>
        {({ findings }) =>
          findings.length === 0 ? (
            <Empty title={t('Nothing needs to be mended.')} />
          ) : (
            <div class="card">
              <Findings findings={findings} />
            </div>
          )
        }
      </Shown>
    </section>
  )
}
