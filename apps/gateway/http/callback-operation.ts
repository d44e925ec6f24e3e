/** What is POSTed to a callback_url, as OpenAPI has it beside each send. */
import type { JsonSchema, Parameter } from './openapi-document.ts';

const header = (name: string, description: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

/** `data` is the schema of the state of a message. */
export function callbackOperation(data: JsonSchema) {
  const properties = {
    type: { enum: ['message.sent', 'message.failed', 'message.expired', 'message.cancelled'] },
    timestamp: { type: 'string', format: 'date-time', description: 'When it was settled' },
    data,
  };
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  const post = {
    summary: 'The final state of the message, in the form of Standard Webhooks',
    parameters: [
      header('webhook-id', 'Of this final state: the same at every try'),
      header('webhook-timestamp', 'Of this try, in epoch seconds'),
      header('webhook-signature', 'v1 and the HMAC-SHA256 of id, timestamp and body by CALLBACK_SECRET'),
    ],
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      '2XX': { description: 'Taken' },
      '410': { description: 'Not wanted: it is not tried again' },
      default: { description: 'Tried again for a day, with growing pauses' },
    },
  };
  return { settled: { '{$request.body#/callback_url}': { post } } };
}
