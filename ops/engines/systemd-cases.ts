/** What the monitor's user may not do, whatever the monitor is made to ask for. */
export const refusedToTheMonitor: readonly string[] = [
  'systemctl --no-ask-password restart dbus.service',
  'systemctl --no-ask-password stop vestnik-monitor.service',
  'systemctl --no-ask-password start vestnik-send-text.timer',
  'systemctl --no-ask-password kill vestnik-send-text.service',
  'systemctl --no-ask-password disable vestnik-send-text.service',
  'systemctl --no-ask-password mask vestnik-send-text.service',
  'systemctl --no-ask-password set-property vestnik-send-text.service TasksMax=1',
  'systemctl --no-ask-password daemon-reload',
  'systemctl --no-ask-password poweroff',
  'systemd-run --no-ask-password true',
];
