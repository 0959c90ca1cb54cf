/** The process that gets the requests, whatever its platform calls it. */
export const WEB = 'web';
