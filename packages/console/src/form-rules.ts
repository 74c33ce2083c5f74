import type { FormRule, FormRules } from './api-shapes.ts'

/** Forms whose fields have rules. */
export type ConsoleForm = 'config' | 'price' | 'ages' | 'cost'

/** What a field is told by; every JSON Schema of an object with members of simple types will do. */
export interface ConsoleSchema {
  /** Members by name. Keywords that no field has are left alone. */
  readonly properties?: Readonly<Record<string, object>> | undefined
  /** Names of members that have to be there. */
  readonly required?: readonly string[] | undefined
}

/** The schemas of what forms send, by form. */
export type ConsoleSchemas = Readonly<Partial<Record<ConsoleForm, ConsoleSchema>>>

/** Keywords of JSON Schema that a field can keep. */
interface Keywords {
  readonly type?: unknown
  readonly anyOf?: readonly Keywords[]
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}

/** The rules of the fields of all forms. */
export function formRules(schemas: ConsoleSchemas): FormRules {
  return Object.fromEntries(Object.entries(schemas).map(([form, schema]) => [form, fieldRules(schema)]))
}

function fieldRules({ properties = {}, required = [] }: ConsoleSchema): FormRules[string] {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const rule = ruleOf(schema)
      return [name, required.includes(name) && isTyped(rule) ? { ...rule, required: true } : rule]
    }),
  )
}

function isTyped({ type }: FormRule): boolean {
  return type === 'text' || type === 'number'
}

/** Of one that may be `null` as well, the other kind counts. */
function ruleOf(schema: Keywords): FormRule {
  const { anyOf: [first] = [], enum: values, type, maxLength } = schema
  if (first !== undefined) return ruleOf(first)
  if (values !== undefined) return { type: 'choice', values: values.map(String) }
  if (type === 'number' || type === 'integer') return numberRule(schema)
  const simple = { boolean: 'flag', array: 'list', object: 'json' } as const
  if (type === 'boolean' || type === 'array' || type === 'object') return { type: simple[type] }
  return { type: 'text', ...(maxLength === undefined ? {} : { maxLength }) }
}

/** A number that must be above another may be that number here: what is too small by nothing the API tells. */
function numberRule({ type, minimum, exclusiveMinimum, maximum }: Keywords): FormRule {
  const min = minimum ?? exclusiveMinimum
  return {
    type: 'number',
    ...(type === 'number' ? { step: 'any' } : {}),
    ...(min === undefined ? {} : { min }),
    ...(maximum === undefined ? {} : { max: maximum }),
  }
}
