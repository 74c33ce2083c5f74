import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { actorOf } from '../http/caller.ts'
import { globalKeyOf } from '../provider-tokens/provider-token-rules.ts'
import { Refusal } from '../refusal.ts'
import type { Services } from '../services.ts'
import { ownerOf, owners } from '../users/owner.ts'
import { checkCredential } from './check-credential.ts'
import { credentialKeyOf } from './credential-key-of.ts'
import {
  CredentialCheckSchema,
  CredentialNameSchema,
  credentialParams,
  CredentialSourceSchema,
  checkView,
  ReasonSchema,
  RevealedCredentialSchema,
  VerdictSchema,
  verdictView,
} from './credential-schema.ts'
import { validateCredential } from './credential-validator.ts'

/** The same addresses: what a credential is good for, where the one that is used comes from, and seeing its value. */
export const credentialUseRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'users' | 'credentials' | 'credentialResolver' | 'credentialValidators'>
> = async (app, { users, credentials, credentialResolver, credentialValidators = [] }) => {
  const tags = ['credentials']
  for (const { path, whose, params, config } of owners) {
    const slot = Type.Object({ ...params.properties, ...credentialParams })
    const one = `${path}/credentials/:provider/:name`
    const belonging = whose.toLowerCase()

    const revealed = {
      tags,
      summary: `See the value of one of ${belonging} credentials`,
      params: slot,
      body: ReasonSchema,
      response: { 200: RevealedCredentialSchema },
    }
    const guarded = { ...config, needsFreshPassword: true, givesSecret: true }
    app.post(`${one}/reveal`, { schema: revealed, config: guarded }, async request => {
      const { provider, name } = request.params
      const key = credentialKeyOf(request, request.params)
      return { provider, name, value: await credentials.reveal(key, actorOf(request), request.body.reason) }
    })

    const validated = {
      tags,
      summary: `Ask the service whether it accepts one of ${belonging} credentials`,
      params: slot,
      response: { 200: VerdictSchema },
    }
    app.post(`${one}/validate`, { schema: validated, config }, async request => {
      const key = credentialKeyOf(request, request.params)
      await credentials.get(key)
      const value = await credentials.use(key)
      if (value === undefined) throw notUsable()
      return verdictView(await validateCredential(credentialValidators, { ...key, value }))
    })

    const checked = {
      tags,
      summary: `Ask the service whether it accepts the credential that is used: ${belonging} own, else the global one`,
      params,
      body: CredentialNameSchema,
      response: { 200: CredentialCheckSchema },
    }
    app.post(`${path}/credentials/validate`, { schema: checked, config }, async request => {
      const { id: userId } = await users.get(ownerOf(request))
      const context = { credentialResolver, credentialValidators }
      return checkView(await checkCredential(context, { ...request.body, userId }))
    })

    const sourced = {
      tags,
      summary: `Where the credential comes from that is used: ${belonging} own, or the global one`,
      params: slot,
      response: { 200: CredentialSourceSchema },
    }
    app.get(`${one}/source`, { schema: sourced, config }, async request => {
      const { provider, name } = request.params
      const { id: userId } = await users.get(ownerOf(request))
      const globalKey = globalKeyOf(provider, name)
      return { source: null, ...(await credentialResolver.getSource({ provider, name, userId, globalKey })) }
    })
  }
}

function notUsable(): Refusal {
  return new Refusal('conflict', 'CREDENTIAL_NOT_USABLE', 'The credential is deactivated, or empty.')
}
