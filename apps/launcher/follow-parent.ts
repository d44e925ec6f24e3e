/**
 * Preloaded into every child: when the launcher is gone, however it went, the channel to it closes, and the child
 * stops as on SIGTERM. The children themselves need not know of it.
 */
const graceMs = 10_000;

process.once('disconnect', () => {
  const handled = process.emit('SIGTERM', 'SIGTERM');
  if (!handled) process.exit(0);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
});
// Listening for the end of the channel must not keep alive a child that has nothing else to do.
process.channel?.unref();
