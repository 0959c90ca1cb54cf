datatype Item = Item(quantity: int, unitPrice: int)

predicate method Valid(items: seq<Item>)
{
  |items| > 0 && forall i :: 0 <= i < |items| ==> items[i].quantity > 0 && items[i].unitPrice >= 0
}

function method Total(items: seq<Item>): int
{
  if |items| == 0 then 0
  else items[0].quantity * items[0].unitPrice + Total(items[1..])
}

lemma TotalIsNeverNegative(items: seq<Item>)
  requires forall i :: 0 <= i < |items| ==> items[i].quantity > 0 && items[i].unitPrice >= 0
  ensures Total(items) >= 0
{
  if |items| > 0 { TotalIsNeverNegative(items[1..]); }
}
