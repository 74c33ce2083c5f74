import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { checkCredential } from '../credentials/check-credential.ts'
import { checkView, CredentialCheckSchema, VerdictSchema, verdictView } from '../credentials/credential-schema.ts'
import { closed, list } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { ProviderParamsSchema } from '../provider-configs/provider-config-schema.ts'
import type { Services } from '../services.ts'
import { providerTokenRule } from './provider-token-rules.ts'

const TokenSchema = Type.Object({ api_token: Type.String({ minLength: 1, maxLength: 4096 }) }, closed)
const stateMembers = {
  key: Type.String({ description: 'Of the secret.' }),
  source: Type.Optional(Type.String({ description: 'Whose value is used now; absent when nobody has one.' })),
  shadowed: list(Type.String({ description: 'Who has a value that is not used.' })),
}
const SavedTokenSchema = Type.Object({
  ...stateMembers,
  ...VerdictSchema.properties,
  isUsed: Type.Boolean({ description: 'Whether it is what was saved that is used now, and no source above it.' }),
})

/** `/api/cloud/providers/{provider}/token`: the tokens that all users share (R116–R118). */
export const providerTokenRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'providerTokens' | 'credentialResolver' | 'credentialValidators'>
> = async (app, { providerTokens, credentialResolver, credentialValidators }) => {
  const tags = ['provider configuration']
  const params = ProviderParamsSchema
  const path = '/api/cloud/providers/:provider/token'
  // It is written to the secrets file, as by `POST /api/secrets/{key}`.
  const config = { access: 'secrets.write' } as const

  const saved = {
    tags,
    summary: 'Store the token of a provider in the secrets file, then ask the provider about it',
    params,
    body: TokenSchema,
    response: { 200: SavedTokenSchema },
  }
  app.put(path, { schema: saved, config }, async request => {
    const { verdict, ...state } = await providerTokens.save(
      request.params.provider,
      request.body.api_token,
      actorOf(request),
    )
    return { ...state, ...verdictView(verdict) }
  })

  const deleted = {
    tags,
    summary: 'Remove the token of a provider from the secrets file; tells who still has one',
    params,
    response: { 200: Type.Object(stateMembers) },
  }
  app.delete(path, { schema: deleted, config }, async request =>
    providerTokens.delete(request.params.provider, actorOf(request)),
  )

  const validated = {
    tags,
    summary: 'Ask a provider whether it accepts the token that is used: one’s own, else the global one',
    params,
    response: { 200: CredentialCheckSchema },
  }
  app.get(
    '/api/cloud/providers/:provider/validate',
    { schema: validated, config: { access: 'api.access' } },
    async request => {
      const { provider, credential: name } = providerTokenRule(request.params.provider)
      const { userId } = callerOf(request).access
      return checkView(await checkCredential({ credentialResolver, credentialValidators }, { provider, name, userId }))
    },
  )
}
