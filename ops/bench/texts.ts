/** What the benchmark sends: 120 characters, as a message of a script or CRM is long. */
export const benchText = 'Заказ 48213 собран и передан в доставку. '.repeat(3).slice(0, 120);
