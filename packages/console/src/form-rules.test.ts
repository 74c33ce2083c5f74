import { expect, it } from 'vitest'
import { formRules } from './form-rules.ts'

it.each([
  [
    { type: 'string', maxLength: 20 },
    { type: 'text', maxLength: 20 },
  ],
  [{ type: 'string' }, { type: 'text' }],
  [
    { type: 'integer', minimum: 1, maximum: 9 },
    { type: 'number', min: 1, max: 9 },
  ],
  [
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'number', step: 'any', min: 0 },
  ],
  [{ type: 'boolean' }, { type: 'flag' }],
  [{ type: 'array', items: { type: 'string' } }, { type: 'list' }],
  [{ type: 'object', additionalProperties: {} }, { type: 'json' }],
  [{ enum: ['daily', 'weekly'] }, { type: 'choice', values: ['daily', 'weekly'] }],
  [{ anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] }, { type: 'number', min: 1 }],
  [{}, { type: 'text' }],
])('a member with the schema %j becomes a field with the rule %j', (schema, rule) => {
  expect(formRules({ config: { properties: { a: schema } } })).toEqual({ config: { a: rule } })
})

it('what has to be there has to be typed in; a box may stay empty', () => {
  const properties = { a: { type: 'string' }, b: { type: 'boolean' }, c: { type: 'string' } }

  expect(formRules({ price: { properties, required: ['a', 'b'] } })).toEqual({
    price: { a: { type: 'text', required: true }, b: { type: 'flag' }, c: { type: 'text' } },
  })
})
