/** A place on a sheet of meridians and parallels: the page itself loads no map, since nothing leaves the machine. */
import { drawing, make } from '../../../ui/elements.js';
import { button } from '../shared/dom.js';
import { language, say } from '../shared/language.js';

const width = 320;
const height = 160;
/** How many pixels a hundredth of a degree takes. */
const scale = 64;

/** @param {number} latitude @param {number} longitude degrees */
export function mapElement(latitude, longitude) {
  const text = `${latitude}, ${longitude}`;
  const svg = drawing('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'xMidYMid slice',
    'aria-hidden': 'true',
  });
  const [x, y] = [width / 2, height / 2 + 14];
  for (const at of linesAt(x, longitude, width)) svg.append(line({ x1: at, x2: at, y1: 0, y2: height }));
  for (const at of linesAt(y, -latitude, height)) svg.append(line({ x1: 0, x2: width, y1: at, y2: at }));
  svg.append(
    drawing('circle', { class: 'near', cx: x, cy: y, r: 34 }),
    drawing('path', { class: 'pin', d: `M${x} ${y}c-12-15-18-24-18-33a18 18 0 0 1 36 0c0 9-6 18-18 33z` }),
    drawing('circle', { class: 'pin-eye', cx: x, cy: y - 33, r: 6.5 }),
  );
  const written = `${degrees(latitude)} ${degrees(longitude)}`;
  const label = `${say('copyPlace')}: ${written}`;
  return button(
    'copy',
    { label, class: 'map', 'data-text': text },
    svg,
    make('span', { class: 'coordinates' }, written),
  );
}

/** Where the lines of full hundredths stand along one side. @param {number} middle @param {number} value @param {number} length */
function linesAt(middle, value, length) {
  const hundredths = value * 100;
  const offset = (hundredths - Math.floor(hundredths)) * scale;
  const first = (middle - offset) % scale;
  return Array.from({ length: Math.ceil(length / scale) + 1 }, (_, index) => first + index * scale);
}

/** @param {Record<string, number>} ends */
function line(ends) {
  return drawing('line', ends);
}

/** @param {number} value */
function degrees(value) {
  return new Intl.NumberFormat(language(), { minimumFractionDigits: 4, maximumFractionDigits: 4 }).format(
    value,
  );
}
