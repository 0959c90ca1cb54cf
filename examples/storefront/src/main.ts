import { routeOf } from './routes.ts';
import './style.css';

type Product = { id: string; name: string; price: number };

/** Where the products come from; a copy of the shop has its own. */
const api = import.meta.env.VITE_API_URL ?? '/api';

const page = document.querySelector('#page');

async function products(): Promise<Product[]> {
  try {
    const response = await fetch(`${api}/products`);
    return response.ok ? ((await response.json()) as Product[]) : [];
  } catch {
    return [];
  }
}

const element = (name: string, text: string, href?: string) => {
  const made = document.createElement(name);
  made.textContent = text;
  if (href) made.setAttribute('href', href);
  return made;
};

async function show(path: string): Promise<void> {
  const route = routeOf(path);
  const list = await products();
  const shown = {
    list: () => list.map((one) => element('a', `${one.name}: ${one.price / 100}`, `/products/${one.id}`)),
    product: () =>
      list.filter((one) => route.page === 'product' && one.id === route.id).map((one) => element('h1', one.name)),
    basket: () => [element('h1', 'Your basket is empty')],
    lost: () => [element('h1', 'There is no such page')],
  }[route.page]();
  page?.replaceChildren(...shown);
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="/"]') : null;
  if (!link) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  void show(location.pathname);
});
window.addEventListener('popstate', () => void show(location.pathname));
void show(location.pathname);
