/** Prices in cents. */
const priceList: ReadonlyMap<string, number> = new Map([
  ['coffee-250g', 890],
  ['coffee-1kg', 2990],
  ['filter-100', 450],
  ['grinder', 12_900],
]);

const bulkQuantity = 10;
const bulkDiscountPercent = 10;

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export function isKnown(sku: string): boolean {
  return priceList.has(sku);
}

/** The price of one line in cents: ten or more of one article are 10 % cheaper, rounded down. */
export function linePrice({ sku, quantity }: Line): number {
  const unit = priceList.get(sku);
  if (unit === undefined) throw new RangeError(`unknown article ${sku}`);
  const full = unit * quantity;
  return quantity >= bulkQuantity ? Math.floor((full * (100 - bulkDiscountPercent)) / 100) : full;
}

export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + linePrice(line), 0);
}
