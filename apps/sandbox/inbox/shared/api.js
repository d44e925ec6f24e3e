/** Asks the sandbox. A refusal becomes an ApiError that names the field at fault. */

const timeoutMs = 20_000;

/** What the sandbox says against a request, in English; `field` is a path such as `0.error`. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {string} [field]
   */
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/**
 * @template Answer
 * @param {string} path
 * @param {unknown} [body] sent where there is one
 * @param {'POST' | 'PATCH'} [method] what it is sent by
 * @returns {Promise<Answer>}
 */
export async function ask(path, body, method = 'POST') {
  const sent = body === undefined ? {} : { method, body: JSON.stringify(body) };
  const response = await fetch(path, { ...sent, signal: AbortSignal.timeout(timeoutMs) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, answer.error ?? path, answer.field);
  return answer;
}
