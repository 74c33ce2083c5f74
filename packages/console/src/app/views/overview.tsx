import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import type { CacheView, ConsolePart, FindingView, ProviderView, SecretView } from '../../api-shapes.ts'
import { useResource } from '../api/use-resource.ts'
import type { AuditEntry, AuditStatistics, Credential, KeyView, Verification } from '../api/shapes.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { Shown } from '../parts/states.tsx'
import { hrefOf } from '../state/route.ts'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { formatNumber, formatPercent } from '../words/formats.ts'
import { t } from '../words/translate.ts'
import { Findings } from './findings.tsx'

/** `/`: is everything well, and if not, what to do. */
export function OverviewView(): VNode {
  return (
    <>
      <ViewHeader title={t('Overview')} />
      <ul class="cards tiles">
        {has('secrets') && (
          <Tile title={t('Secrets')} segments={['secrets']} path="secrets?fresh=false" judge={judgeSecrets} />
        )}
        {has('providers') && (
          <Tile title={t('Providers')} segments={['providers']} path="providers" judge={judgeProviders} />
        )}
        {has('credentials') && (
          <Tile
            title={t('My credentials')}
            segments={['credentials']}
            path="users/me/credentials?limit=100"
            judge={judgeCredentials}
          />
        )}
        {has('caches') && <Tile title={t('Caches')} segments={['caches']} path="caches" judge={judgeCaches} />}
        {has('audit') && may('admin.audit') && <AuditTile />}
        {has('keys') && may('admin.keys') && (
          <Tile title={t('Keys')} segments={['keys']} path="keys" judge={judgeKey} />
        )}
      </ul>
      {has('doctor') && <ToDo />}
    </>
  )
}

function has(part: ConsolePart): boolean {
  return settings.parts.includes(part)
}

/** A long log takes a server seconds to verify: here its newest entries are, in the view of the log all of them. */
const verifiedHere = 1000

function AuditTile(): VNode {
  const latest = useResource<{ readonly entries: readonly AuditEntry[] }>('audit?limit=1').data?.entries[0]
  const path = latest && (`audit/verify?from=${Math.max(1, latest.sequence - verifiedHere + 1)}` as const)
  const chain = useResource<Verification>(path).data
  const judge = (told: AuditStatistics): Verdict => judgeAudit(told, chain)
  return <Tile title={t('Audit log')} segments={['audit']} path="audit/stats" judge={judge} />
}

type Row = readonly [label: string, text: string | number, href?: string]

/** What a tile says. */
interface Verdict {
  readonly tone: Tone
  readonly words: string
  readonly rows: readonly Row[]
  readonly advice?: string | undefined
}

interface TileProps<T> {
  readonly title: string
  /** The view that mends it. */
  readonly segments: readonly string[]
  /** What is asked of the API. */
  readonly path: string
  readonly judge: (data: T) => Verdict
}

function Tile<T>({ title, segments, path, judge }: TileProps<T>): VNode {
  const resource = useResource<T>(path, 10)
  return (
    <li class="card">
      <Shown of={resource}>
        {data => {
          const { tone, words, rows, advice } = judge(data)
          return (
            <>
              <header>
                <h2>
                  <a href={hrefOf(segments)}>{title}</a>
                </h2>
                <Badge tone={tone}>{words}</Badge>
              </header>
              <dl class="counted">
                {rows.map(([label, text, href]) => (
                  <div key={label} class={text === 0 ? 'quiet' : undefined}>
                    <dt>{href === undefined || text === 0 ? label : <a href={href}>{label}</a>}</dt>
                    <dd>{typeof text === 'number' ? formatNumber(text) : text}</dd>
                  </div>
                ))}
              </dl>
              {advice !== undefined && <p class="fix">{advice}</p>}
            </>
          )
        }}
      </Shown>
    </li>
  )
}

function judgeSecrets({ secrets }: { readonly secrets: readonly SecretView[] }): Verdict {
  const unknown = secrets.filter(({ unresolved }) => unresolved !== undefined).length
  const missing = secrets.filter(({ found }) => !found).length - unknown
  const conflicting = secrets.filter(({ shadowed }) => shadowed.some(({ sameValue }) => !sameValue)).length
  return {
    ...verdictOf(unknown > 0 ? 'bad' : conflicting > 0 ? 'warn' : 'good'),
    rows: [
      [t('Secrets'), secrets.length, hrefOf(['secrets'])],
      [t('Held twice, with another value'), conflicting, secretsIn('conflicting')],
      [t('Nobody has it'), missing, secretsIn('missing')],
      [t('Could not be asked'), unknown, secretsIn('unknown')],
    ],
  }
}

function secretsIn(state: string): string {
  return hrefOf(['secrets'], { state })
}

function judgeProviders({ providers }: { readonly providers: readonly ProviderView[] }): Verdict {
  const configured = providers.filter(({ available }) => available)
  const open = configured.filter(({ breaker }) => breaker === 'open').length
  const failing = configured.filter(isFailing).length
  return {
    ...verdictOf(open + failing === 0 ? 'good' : 'bad'),
    rows: [
      [t('Configured'), configured.length],
      [t('Failed the last time'), failing, hrefOf(['providers'])],
      [t('Not asked at present'), open, hrefOf(['providers'])],
    ],
  }
}

/** Whether its latest answer was a failure. */
function isFailing({ lastFailure, lastOkAt = '' }: ProviderView): boolean {
  return lastFailure !== undefined && lastOkAt < lastFailure.at
}

function judgeCredentials({ credentials }: { readonly credentials: readonly Credential[] }): Verdict {
  const old = (status: Credential['status']): number =>
    credentials.filter(credential => credential.isActive && credential.status === status).length
  const [stale, expiring] = [old('stale'), old('expiring')]
  return {
    ...verdictOf(stale + expiring === 0 ? 'good' : 'warn'),
    rows: [
      [t('Credentials'), credentials.length, hrefOf(['credentials'])],
      [t('Stale'), stale, hrefOf(['credentials'], { status: 'stale' })],
      [t('Expiring'), expiring, hrefOf(['credentials'], { status: 'expiring' })],
    ],
  }
}

function judgeCaches({ caches }: { readonly caches: readonly CacheView[] }): Verdict {
  const rows = caches.map(({ name, figures }): Row => {
    return [name, figures === undefined ? '–' : formatPercent(figures.hitRatio), hrefOf(['caches', name])]
  })
  return { ...verdictOf('good'), rows }
}

function judgeAudit({ total, refused, failedSignIns, lockOuts }: AuditStatistics, chain?: Verification): Verdict {
  return {
    tone: chain === undefined ? 'quiet' : chain.valid ? 'good' : 'bad',
    words: chain === undefined ? t('being verified') : chain.valid ? t('unbroken') : t('was changed'),
    rows: [
      [t('Entries'), total, hrefOf(['audit'])],
      [t('Newest verified'), chain?.checked ?? '–'],
      [t('Refused, last 24 hours'), refused, hrefOf(['audit'], { outcome: 'refused' })],
      [t('Failed sign-ins'), failedSignIns, hrefOf(['audit'], { type: 'auth.login.failed' })],
      [t('Locked out'), lockOuts, hrefOf(['audit'], { type: 'auth.locked' })],
    ],
  }
}

function judgeKey({ fingerprint, ageDays, advice, rotation }: KeyView): Verdict {
  const isRotating = rotation !== undefined && rotation.state !== 'done'
  return {
    tone: rotation?.state === 'failed' ? 'bad' : isRotating || advice !== undefined ? 'warn' : 'good',
    words: isRotating ? t('being changed') : t('opens the data'),
    rows: [
      [t('Fingerprint'), fingerprint],
      [t('Age in days'), ageDays ?? '–'],
    ],
    advice,
  }
}

function verdictOf(tone: Tone): Pick<Verdict, 'tone' | 'words'> {
  return { tone, words: tone === 'good' ? t('well') : t('look at these') }
}

function ToDo(): VNode {
  const report = useResource<{ readonly findings: readonly FindingView[] }>('doctor')
  return (
    <section aria-labelledby="todo">
      <h2 id="todo">{t('What to do')}</h2>
      <Shown of={report}>
        {({ findings }) => {
          const grave = findings.filter(({ severity }) => severity !== 'info')
          return grave.length === 0 ? (
            <p class="state">{t('Nothing: all is well.')}</p>
          ) : (
            <div class="card">
              <Findings findings={grave} />
            </div>
          )
        }}
      </Shown>
    </section>
  )
}
