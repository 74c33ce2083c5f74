import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from 'aws-lambda'
import { jsonAnswer, startFakeSecretsManager, startScriptedServer } from '@st/test-servers'
import { handler } from './lambda-handler.ts'

test('charges with the key from AWS, which it asks once for two events', async () => {
  await using aws = await startFakeSecretsManager()
  await using payments = await startScriptedServer(() => jsonAnswer(201, {}))
  aws.put('prod/payments', JSON.stringify({ PAYMENT_API_KEY: 'key-of-the-payment-service' }))
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'example',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_REGION: 'us-west-2',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    PAYMENT_API_URL: payments.url,
  })
  // The handler does not look at its context.
  const context = {} as Context

  const first = await handler({ amount: 5, currency: 'eur' }, context, () => {})
  const second = await handler({ amount: 7, currency: 'eur' }, context, () => {})

  deepEqual([first, second], [{ status: 201 }, { status: 201 }])
  equal(payments.requests[1]?.headers['authorization'], 'Bearer key-of-the-payment-service')
  deepEqual(aws.operations, ['GetSecretValue'])
})
