import type { VNode } from 'preact'
import type { ConsolePart } from '../../api-shapes.ts'
import type { Permission } from '../api/shapes.ts'
import { settings } from '../state/settings.ts'
import { AccountView } from '../views/account.tsx'
import { AuditView } from '../views/audit.tsx'
import { CachesView } from '../views/caches.tsx'
import { CredentialsView } from '../views/credentials.tsx'
import { KeysView } from '../views/keys.tsx'
import { OverviewView } from '../views/overview.tsx'
import { PricesView } from '../views/prices.tsx'
import { ConfigsView } from '../views/configs.tsx'
import { ProvidersView } from '../views/providers.tsx'
import { SecretsView } from '../views/secrets.tsx'
import { UsersView } from '../views/users.tsx'
import { m, type Message } from '../words/translate.ts'

/** A place of the console that the navigation leads to. */
export interface Place {
  /** First segment of its path; none for the overview. */
  readonly path: string
  readonly label: Message
  readonly view: (shown: Subject) => VNode
  /** What the console must have for it. Default: the part of the name of its path. */
  readonly part?: ConsolePart
  /** What its visitors must be permitted. */
  readonly permission?: Permission
}

/** What a view shows one of: the segments of the path after the first. */
export interface Subject {
  readonly shown?: string | undefined
  readonly detail?: string | undefined
}

const all: readonly Place[] = [
  { path: 'secrets', label: m('Secrets'), view: SecretsView },
  { path: 'credentials', label: m('Credentials'), view: CredentialsView },
  { path: 'providers', label: m('Providers'), view: ProvidersView },
  { path: 'caches', label: m('Caches'), view: CachesView },
  { path: 'configuration', label: m('Configuration'), view: ConfigsView, part: 'configs' },
  { path: 'prices', label: m('Hardware prices'), view: PricesView },
  { path: 'audit', label: m('Audit log'), view: AuditView, permission: 'admin.audit' },
  { path: 'keys', label: m('Keys'), view: KeysView, permission: 'admin.keys' },
  { path: 'users', label: m('Users'), view: UsersView, permission: 'admin.users' },
  { path: 'account', label: m('My account'), view: AccountView },
]

const parts: readonly string[] = settings.parts

/** The places that this console has; the overview is always there. */
export const places: readonly Place[] = [
  { path: '', label: m('Overview'), view: OverviewView },
  ...all.filter(({ path, part = path }) => parts.includes(part)),
]
