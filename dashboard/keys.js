/** Keys for those who keep their hands on the keyboard; not while they type or a dialog is open. */

/**
 * @param {Record<string, () => void>} actions by key
 */
export function listenForKeys(actions) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const { target } = event;
    if (target instanceof HTMLInputElement && target.type !== 'checkbox') return;
    if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
