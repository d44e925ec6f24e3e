/** A point on the map, by itself or to be followed for a while. */
import { z } from 'zod';
import { plainText } from '../model/formatted-text.ts';
import { jsonOfForm } from './field-types.ts';
import { kind } from './kind.ts';

const numberFrom = (min: number, max: number, unit: string) => {
  const error = `takes ${unit} from ${min} to ${max}`;
  return z.number({ error }).min(min, error).max(max, error);
};
const liveTakes = 'takes seconds from 60 to 86400, or 2147483647 for as long as nobody ends it';

const place = z.strictObject(
  {
    latitude: numberFrom(-90, 90, 'degrees').describe('Degrees north'),
    longitude: numberFrom(-180, 180, 'degrees').describe('Degrees east'),
    horizontal_accuracy: numberFrom(0, 1500, 'metres')
      .optional()
      .describe('How far off it may be, in metres'),
    live_period: z
      .int({ error: liveTakes })
      .refine((seconds) => (seconds >= 60 && seconds <= 86_400) || seconds === 2 ** 31 - 1, liveTakes)
      .optional()
      .describe('For how many seconds it is shown as a live location'),
  },
  { error: 'takes an object with latitude and longitude' },
);

interface Kept {
  readonly location: z.output<typeof place>;
}

export const location = kind({
  name: 'location',
  gateways: ['text', 'media'],
  fields: {
    location: z
      .preprocess(jsonOfForm, place)
      .optional()
      .describe('A point on the map, in place of anything else'),
  },
  beside: 'a location goes alone',
  read: ({ location }) => ({
    identity: (target, options) => [target, { location }, options],
    files: [],
    keep: (): Kept => ({ location: location! }),
    notes: [],
  }),
  isOf: (content) => 'location' in content,
  method: 'messages.sendMedia',
  calls: ({ location }: Kept) => {
    const { latitude: lat, longitude: long, horizontal_accuracy: accuracyM, live_period: period } = location;
    const accuracy = accuracyM && { accuracyRadius: Math.ceil(accuracyM) };
    const geoPoint = { className: 'InputGeoPoint', lat, long, ...accuracy };
    const input = period
      ? { className: 'InputMediaGeoLive', geoPoint, period }
      : { className: 'InputMediaGeoPoint', geoPoint };
    return [{ text: plainText(''), input }];
  },
});
