/** The OpenAPI document as a page to read, without a network. */
import { type Html, html } from '../../page/html.js'
import { renderPage, type Section } from '../../page/page.js'
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from './document.js'

const css =
  'pre{overflow-x:auto;font-size:.85rem;padding:.75rem;border:1px solid color-mix(in srgb,currentColor 20%,transparent)}' +
  'article{margin-block:1.5rem 2.5rem}article h3{font-family:ui-monospace,monospace;overflow-wrap:anywhere}'

export function renderDocument({ info, paths }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))]
  const sections = tags.map((tag): Section => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag))
    return {
      id: tag.toLowerCase().replaceAll(/\W+/g, '-'),
      title: tag,
      body: html`${own.map(({ path, method, operation }) => renderOperation(path, method, operation))}`,
    }
  })
  return renderPage({
    title: `${info.title} ${info.version}: HTTP API`,
    subtitle: info.description,
    sections,
    css,
    footer: 'Made of /openapi.json.',
  })
}

function renderOperation(path: string, method: string, operation: Operation): Html {
  const { summary, description, parameters, requestBody, responses } = operation
  return html`<article>
<h3>${method.toUpperCase()} ${path}</h3>
<p>${summary}.</p>
${description === undefined ? null : html`<p>${description}</p>`}
${parameters.length === 0 ? null : renderParameters(parameters)}
${requestBody === undefined ? null : html`<h4>Body</h4>${renderContent(requestBody.content)}`}
${Object.entries(responses)
  .filter(([status]) => status !== 'default')
  .map(
    ([status, { description, content }]) => html`<h4>${status}: ${description}</h4>${renderContent(content)}`,
  )}
</article>`
}

const renderParameters = (parameters: readonly Parameter[]): Html => html`<table>
<thead><tr><th>Parameter</th><th>In</th><th>Value</th></tr></thead>
<tbody>${parameters.map(
  ({ name, in: place, required, schema }) =>
    html`<tr><td>${name}</td><td>${place}</td><td>${describeValue(schema)}${required ? '' : ', optional'}</td></tr>`,
)}</tbody></table>`

type Content = NonNullable<Operation['requestBody']>['content']

const renderContent = (content: Content | undefined): Html =>
  html`${Object.entries(content ?? {}).map(([type, { schema }]) =>
    type === 'application/json'
      ? html`<details><summary>${type}</summary><pre>${describeSchema(schema, '')}</pre></details>`
      : html`<p>${type}</p>`,
  )}`

/** A schema in a form like TypeScript's, which is shorter to read than JSON Schema. */
function describeSchema(schema: JsonSchema, indent: string): string {
  const { type, properties, required, items, prefixItems, anyOf, additionalProperties } = schema as {
    readonly type?: string
    readonly properties?: Readonly<Record<string, JsonSchema>>
    readonly required?: readonly string[]
    readonly items?: JsonSchema
    readonly prefixItems?: readonly JsonSchema[]
    readonly anyOf?: readonly JsonSchema[]
    readonly additionalProperties?: JsonSchema | boolean
  }
  const inner = `${indent}  `
  if (anyOf !== undefined) return anyOf.map((one) => describeSchema(one, indent)).join(' | ')
  if (prefixItems !== undefined)
    return `[${prefixItems.map((one) => describeSchema(one, indent)).join(', ')}]`
  if (type === 'array') return `${describeSchema(items ?? {}, indent)}[]`
  if (properties !== undefined) {
    const lines = Object.entries(properties).map(
      ([name, property]) =>
        `${inner}${name}${required?.includes(name) ? '' : '?'}: ${describeSchema(property, inner)}\n`,
    )
    return `{\n${lines.join('')}${indent}}`
  }
  if (typeof additionalProperties === 'object')
    return `{ [key]: ${describeSchema(additionalProperties, indent)} }`
  return describeValue(schema)
}

function describeValue(schema: JsonSchema): string {
  const { enum: values, const: constant, default: otherwise } = schema
  const base =
    constant !== undefined
      ? JSON.stringify(constant)
      : Array.isArray(values)
        ? values.map((value) => JSON.stringify(value)).join(' | ')
        : describeType(schema)
  return otherwise === undefined ? base : `${base}, by default ${JSON.stringify(otherwise)}`
}

/** The widest range of whole numbers is none. */
function describeType({ type, minimum, maximum }: JsonSchema): string {
  const bounded = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER
  const range = bounded && typeof minimum === 'number' ? ` from ${minimum} to ${maximum}` : ''
  return `${String(type ?? 'any')}${range}`
}
