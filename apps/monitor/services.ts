/** The services that are watched; nothing else can be asked about or acted on. */
import type { MonitorConfig } from './settings.ts';

export interface WatchedService {
  /** Its name in addresses and for the launcher. */
  readonly name: string;
  /** Its name for people. */
  readonly label: string;
  /** Where its HTTP interface is, without a slash at the end. */
  readonly url: string;
  /** The name of its Docker container. */
  readonly container: string;
  /** The name of its systemd unit. */
  readonly unit: string;
}

/** Both gateways, where the settings say they are. */
export function watchedServices(config: MonitorConfig): WatchedService[] {
  return [
    {
      name: 'send-text',
      label: 'text',
      url: config.SEND_TEXT_URL,
      container: config.SEND_TEXT_CONTAINER,
      unit: config.SEND_TEXT_UNIT,
    },
    {
      name: 'send-media',
      label: 'media',
      url: config.SEND_MEDIA_URL,
      container: config.SEND_MEDIA_CONTAINER,
      unit: config.SEND_MEDIA_UNIT,
    },
  ];
}

/** The port a service is reached on. */
export function portOf({ url }: WatchedService): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
