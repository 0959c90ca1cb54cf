/** A page of the shop. */
export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'product'; readonly id: string }
  | { readonly page: 'basket' }
  | { readonly page: 'lost' };

/** The page behind a path. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'list' };
  if (path === '/basket') return { page: 'basket' };
  const id = /^\/products\/([\w-]+)$/.exec(path)?.[1];
  return id === undefined ? { page: 'lost' } : { page: 'product', id };
}
