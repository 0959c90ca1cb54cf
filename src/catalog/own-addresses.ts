/** Names of variables that hold where the application itself is, and what they hold on this machine. */

/** Whether a variable holds an address, or those that pages come from. */
export const isAddressName = (name: string): boolean => /(^|_)(URL|URI|ORIGINS?)$/.test(name);

/** Whether a variable holds the hosts that may be asked for. */
export const isHostsName = (name: string): boolean => /(^|_)HOSTS$/.test(name);

/** The hosts of this machine, as such a variable takes them. */
export const localHosts = 'localhost,127.0.0.1';

/** Whether a value is an address of this machine, on which nothing of a deployment is found from elsewhere. */
export const isLocalAddress = (text: string): boolean =>
  /^(https?|wss?):\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d{1,5})?(\/|$)/i.test(text);
