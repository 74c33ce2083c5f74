// An AWS Lambda function that charges a card. The key of the payment service is in AWS Secrets Manager, in one JSON object
// that the function's role may read.
import type { Handler } from 'aws-lambda'
import { AWSSecretsManagerProvider } from '@st/provider-aws'
import { SecretsManager } from '@st/secrets-core'

export interface Charge {
  readonly amount: number
  readonly currency: string
}

// Made once an instance. AWS is asked by the first invocation; those that come within five minutes find the answer here.
const secrets = new SecretsManager({
  providers: [new AWSSecretsManagerProvider({ secretName: 'prod/payments' })],
})

export const handler: Handler<Charge, { readonly status: number }> = async charge => {
  const key = await secrets.require('PAYMENT_API_KEY')
  const response = await fetch(new URL('/v1/charges', process.env['PAYMENT_API_URL']), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(charge),
  })
  return { status: response.status }
}
