/** Asks the sandbox. A refusal becomes an ApiError that names the field at fault. */

/** What the sandbox says against a request; `field` is a path such as `0.error`. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {string} [field]
   */
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/**
 * @template Answer
 * @param {string} path
 * @param {unknown} [body] sent by POST where there is one
 * @returns {Promise<Answer>}
 */
export async function ask(path, body) {
  const posted = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(path, body === undefined ? {} : posted);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(answer.error ?? `${path}: ${response.status}`, answer.field);
  return answer;
}
