/** GET /docs: the OpenAPI document as a page to read, made here: no script, nothing from elsewhere. */
import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import { errorClasses } from '../../kit/errors.ts';
import type { JsonSchema, OpenApiDocument, Operation } from './openapi-document.ts';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin: 2.5rem 0 0.25rem; font: 600 1.1rem/1.4 ui-monospace, monospace; }
h2 b { display: inline-block; min-width: 4.5rem; color: light-dark(#0a6b3d, #5fd39a); }
table { width: 100%; margin: 0.75rem 0; border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid #8884; text-align: left; vertical-align: top; }
td:first-child { white-space: nowrap; }
code, td:first-child { font-family: ui-monospace, monospace; }
.note { color: light-dark(#555, #aaa); font-size: 0.9rem; }
`;

/** Lets nothing but this page's own style in. */
const docsPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Puts the document and its page on a router. */
export function addDocs(router: Router, document: OpenApiDocument): void {
  const page = docsPage(document);
  router.get('/openapi.json', (ctx) => {
    ctx.body = document;
  });
  router.get('/docs', (ctx) => {
    ctx.set('Content-Security-Policy', docsPolicy);
    ctx.type = 'html';
    ctx.body = page;
  });
}

/** The page, as HTML. */
function docsPage(document: OpenApiDocument): string {
  const { title, version, description } = document.info;
  const sections = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${style}</style>
<h1>${escape(title)} <small class="note">${escape(version)}</small></h1>
<p>${escape(description)} The same for machines: <a href="openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
<h2>Errors</h2>
<p>All are application/problem+json with their class, whether a retry can help, and in detail what to do.</p>
${table(
  ['class', 'status', 'retry', 'what happened'],
  Object.entries(errorClasses).map(([name, each]) => [
    ...[name, String(each.status), each.retryable ? 'yes' : 'no', each.means.replaceAll('`', '')],
  ]),
)}
</html>
`;
}

function section(method: string, path: string, operation: Operation): string {
  const scopes = operation.security.flatMap((each) => Object.values(each).flat());
  const body = Object.entries(operation.requestBody?.content ?? {});
  const fields = body[0] ? fieldsOf(body[0][1].schema) : [];
  return [
    `<h2 id="${escape(operation.operationId)}"><b>${method.toUpperCase()}</b> ${escape(path)}</h2>`,
    `<p>${escape(operation.summary)}.`,
    scopes.length > 0 ? ` <span class="note">Scope: ${escape(scopes.join(' or '))}</span>` : '',
    '</p>',
    table(
      ['parameter', 'in', 'takes', ''],
      operation.parameters.map(({ name, in: where, schema, description }) => [
        ...[name, where, typeOf(schema), description ?? ''],
      ]),
    ),
    body.length > 0 ? `<p class="note">Body: ${escape(body.map(([type]) => type).join(', '))}</p>` : '',
    table(['field', 'takes', ''], fields),
    table(
      ['status', 'answer', ''],
      Object.entries(operation.responses).map(([status, { description, content }]) => {
        const [[type, answer] = ['', undefined]] = Object.entries(content ?? {});
        const names = type === 'application/json' ? fieldsOf(answer!.schema).map(([name]) => name) : [];
        return [status, description, names.length > 0 ? names.join(', ') : type];
      }),
    ),
  ].join('');
}

function fieldsOf(schema: JsonSchema): string[][] {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  return Object.entries(properties).map(([name, field]) => [
    ...[name, typeOf(field), typeof field.description === 'string' ? field.description : ''],
  ]);
}

/** A schema in a few words. */
function typeOf(schema: JsonSchema): string {
  const { type, minimum, maximum, maxLength } = schema;
  const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (Array.isArray(schema.enum)) return schema.enum.join(', ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (type === 'array') return `list of ${typeOf((schema.items ?? {}) as JsonSchema)}`;
  const isBounded = typeof minimum === 'number' && typeof maximum === 'number';
  const range = isBounded && maximum < Number.MAX_SAFE_INTEGER ? ` from ${minimum} to ${maximum}` : '';
  const length = typeof maxLength === 'number' ? `, at most ${maxLength} characters` : '';
  const fallback = 'default' in schema ? `, by default ${JSON.stringify(schema.default)}` : '';
  return `${typeof type === 'string' ? type : 'any'}${range}${length}${fallback}`;
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  const row = (cells: string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
