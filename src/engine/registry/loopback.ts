/** Whether a host is this machine, where the engine as well takes any certificate, and none. */
export const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/.test(hostname);
