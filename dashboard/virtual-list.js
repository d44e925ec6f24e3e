/** A list of any length of which only the rows in view are elements; rows are of one height, told by the style sheet. */
import { make, setAttribute } from '../apps/ui/elements.js';

/** Rows kept ready above and below. */
const spare = 6;
let made = 0;

/**
 * @template Item
 * @param {object} options
 * @param {(row: HTMLElement, item: Item) => void} options.fill brings a row up to date with an item
 * @param {() => HTMLElement} options.makeRow
 * @param {(item: Item) => number} options.keyOf what an item is known by when the list changes
 * @param {(item: Item) => void} options.onOpen
 * @param {() => void} options.onEnd the last rows are in view
 * @returns {{ element: HTMLElement, show: (items: readonly Item[]) => void, isAtTop: () => boolean, toTop: () => void }}
 */
export function createVirtualList({ fill, makeRow, keyOf, onOpen, onEnd }) {
  made += 1;
  const id = `list-${made}`;
  const spacer = make('div', { class: 'spacer', role: 'presentation' });
  const element = make('div', { class: 'virtual-list', role: 'listbox', tabindex: '0' }, spacer);
  /** @type {readonly Item[]} */
  let items = [];
  /** @type {HTMLElement[]} */
  let rows = [];
  let active = -1;
  let rowHeight = 32;

  const draw = () => {
    rowHeight = parseFloat(getComputedStyle(element).getPropertyValue('--row-height')) || rowHeight;
    setHeight();
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spare);
    const last = Math.min(
      items.length,
      Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + spare,
    );
    const count = Math.max(0, last - first);
    while (rows.length < count) {
      const row = makeRow();
      row.setAttribute('role', 'option');
      rows.push(row);
      spacer.append(row);
    }
    for (const row of rows.splice(count)) row.remove();
    rows.forEach((row, offset) => {
      const index = first + offset;
      const item = items[index];
      if (item === undefined) return;
      row.style.transform = `translateY(${index * rowHeight}px)`;
      row.dataset.index = String(index);
      setAttribute(row, 'id', `${id}-${index}`);
      setAttribute(row, 'aria-setsize', String(items.length));
      setAttribute(row, 'aria-posinset', String(index + 1));
      setAttribute(row, 'aria-selected', String(index === active));
      fill(row, item);
    });
    setAttribute(
      element,
      'aria-activedescendant',
      active >= first && active < last ? `${id}-${active}` : null,
    );
    if (items.length > 0 && last > items.length - 20) onEnd();
  };

  const setHeight = () => {
    const height = `${items.length * rowHeight}px`;
    spacer.style.height = height;
    element.style.setProperty('--content', height); // A short list is no taller than its rows.
  };

  let isDue = false;
  element.addEventListener('scroll', () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  });
  new ResizeObserver(draw).observe(element);

  element.addEventListener('click', (event) => {
    const row = event.target instanceof Element && event.target.closest('[role=option]');
    if (!(row instanceof HTMLElement)) return;
    moveTo(Number(row.dataset.index));
    const item = items[active];
    if (item !== undefined) onOpen(item);
  });

  element.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(element.clientHeight / rowHeight) - 1);
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = moves[event.key];
    if (step !== undefined) moveTo(active + step);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(items.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') {
      const item = items[active];
      if (item !== undefined) onOpen(item);
    } else return;
    event.preventDefault();
  });

  /** @param {number} index */
  const moveTo = (index) => {
    active = Math.min(items.length - 1, Math.max(0, index));
    const top = active * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    const lowest = top + rowHeight - element.clientHeight;
    if (lowest > element.scrollTop) element.scrollTop = lowest;
    draw();
  };

  return {
    element,
    isAtTop: () => element.scrollTop < rowHeight,
    toTop: () => {
      element.scrollTop = 0;
    },
    show: (next) => {
      // What is looked at stays where it is when rows come in above it.
      const top = Math.floor(element.scrollTop / rowHeight);
      const anchor = element.scrollTop < rowHeight ? undefined : items[top];
      const chosen = items[active];
      const offset = element.scrollTop - top * rowHeight;
      items = next;
      active = indexOf(chosen);
      const anchorAt = indexOf(anchor);
      setHeight();
      if (anchorAt !== -1) element.scrollTop = anchorAt * rowHeight + offset;
      draw();
    },
  };

  /** @param {Item | undefined} item */
  function indexOf(item) {
    if (item === undefined) return -1;
    const key = keyOf(item);
    return items.findIndex((each) => keyOf(each) === key);
  }
}
