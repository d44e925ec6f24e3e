/** Every endpoint of a gateway beside its sends: who may call it, and what the documentation says of it. */
import type { z } from 'zod';
import type { ErrorClassName } from '../../kit/errors.ts';
import type { Access } from './access.ts';
import * as queries from './queries.ts';
import * as schemas from './schemas.ts';

export interface Endpoint {
  readonly access: Access;
  readonly summary: string;
  /** Its query parameters. */
  readonly query?: z.ZodObject;
  /** By HTTP status: what the answer is, as a schema or a content type. */
  readonly answers: Readonly<Record<number, z.ZodType | string>>;
  /** Classes of the errors it answers with, beside those that every endpoint has. */
  readonly errors?: readonly ErrorClassName[];
}

/** By method and route. An endpoint that is not here cannot be called. */
export const endpoints = {
  'GET /messages': {
    access: ['read'],
    summary: 'Messages by status and chat, the newest first: those of the token, of everybody with control',
    query: queries.listQuery,
    answers: { 200: schemas.messages },
  },
  'DELETE /messages': {
    access: ['control'],
    summary: 'Cancel all queued messages that match a filter, at most 10,000 at a time',
    query: queries.cancelAllQuery,
    answers: { 200: schemas.cancelledAll },
  },
  'POST /messages/retry': {
    access: ['control'],
    summary: 'Queue all failed and expired messages that match a filter again, at most 10,000 at a time',
    query: queries.retryAllQuery,
    answers: { 200: schemas.retriedAll },
    errors: ['queue_full', 'storage_full'],
  },
  'GET /messages/:id': {
    access: ['send', 'read'],
    summary: 'The state of a message of the token, of anybody with control',
    answers: { 200: schemas.message },
    errors: ['not_found'],
  },
  'DELETE /messages/:id': {
    access: ['send', 'control'],
    summary:
      'Cancel a message while it is queued and cannot have been sent, or while Telegram holds it until its time',
    answers: { 200: schemas.cancelled },
    errors: ['not_found', 'conflict'],
  },
  'POST /messages/:id/retry': {
    access: ['send', 'control'],
    summary: 'Queue a message that failed or expired again, with the id it had',
    query: queries.retryQuery,
    answers: { 202: schemas.message },
    errors: ['not_found', 'conflict', 'queue_full', 'storage_full'],
  },
  'GET /peers': {
    access: ['read'],
    summary: 'The chats this account knows',
    query: queries.peersQuery,
    answers: { 200: schemas.peers },
  },
  'GET /health': {
    access: 'open',
    summary: 'Whether it sends, by a real ping; 503 when it is down',
    answers: { 200: schemas.health, 503: schemas.health },
  },
  'GET /stats': { access: ['read'], summary: 'The numbers of this moment', answers: { 200: schemas.stats } },
  'GET /metrics': {
    access: ['read'],
    summary: 'Metrics for Prometheus; with request ids as exemplars where Accept asks for OpenMetrics',
    answers: { 200: 'text/plain' },
  },
  'POST /pause': {
    access: ['control'],
    summary: 'Accept messages and send none until /resume',
    answers: { 200: schemas.paused },
  },
  'POST /resume': { access: ['control'], summary: 'Send again', answers: { 200: schemas.paused } },
  'POST /reload_cache': {
    access: ['control'],
    summary: 'Walk over the dialogs now, so that new chats are known',
    answers: { 202: schemas.reload },
    errors: ['flood_wait'],
  },
  'GET /openapi.json': { access: 'open', summary: 'This document', answers: { 200: 'application/json' } },
  'GET /docs': { access: 'open', summary: 'This document, to read', answers: { 200: 'text/html' } },
} as const satisfies Record<string, Endpoint>;
