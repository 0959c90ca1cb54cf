// What an order is, and what may happen to it. Proved by Dafny (2.3 and 4): every lemma and every method contract.

datatype Status = Pending | Paid | Declined

datatype Line = Line(unitPrice: int, quantity: int)

datatype Order = Order(id: int, lines: seq<Line>, total: int, status: Status)

// A-002: what the service lets in
predicate ValidLine(line: Line)
{
  line.unitPrice > 0 && 1 <= line.quantity <= 1000
}

predicate ValidLines(lines: seq<Line>)
{
  1 <= |lines| <= 50 && forall i :: 0 <= i < |lines| ==> ValidLine(lines[i])
}

// A-004: ten or more of one article are 10 % cheaper, rounded down
function LinePrice(line: Line): int
{
  var full := line.unitPrice * line.quantity;
  if line.quantity >= 10 then full * 90 / 100 else full
}

function Total(lines: seq<Line>): int
{
  if |lines| == 0 then 0 else LinePrice(lines[0]) + Total(lines[1..])
}

predicate ValidOrder(order: Order)
{
  ValidLines(order.lines) && order.total == Total(order.lines)
}

lemma LinePriceIsPositive(line: Line)
  requires ValidLine(line)
  ensures LinePrice(line) > 0
{
  assert line.unitPrice * line.quantity >= line.quantity;
}

lemma TotalIsNotNegative(lines: seq<Line>)
  requires forall i :: 0 <= i < |lines| ==> ValidLine(lines[i])
  ensures Total(lines) >= 0
{
  if |lines| > 0 {
    LinePriceIsPositive(lines[0]);
    TotalIsNotNegative(lines[1..]);
  }
}

// A-003: an order costs more than nothing
lemma TotalIsPositive(order: Order)
  requires ValidOrder(order)
  ensures order.total > 0
{
  LinePriceIsPositive(order.lines[0]);
  TotalIsNotNegative(order.lines[1..]);
}

predicate Settled(order: Order)
{
  order.status != Pending
}

// A-005: a settled order keeps its status, whatever is asked of it afterwards
method Settle(order: Order, status: Status) returns (settled: Order)
  requires ValidOrder(order)
  requires status != Pending
  ensures ValidOrder(settled)
  ensures Settled(settled)
  ensures Settled(order) ==> settled == order
  ensures settled.id == order.id && settled.lines == order.lines && settled.total == order.total
{
  if order.status == Pending {
    settled := order.(status := status);
  } else {
    settled := order;
  }
}

// A-001: one row for one id: storing an order under an id that is taken leaves what is there
method Insert(rows: map<int, Order>, order: Order) returns (after: map<int, Order>)
  requires ValidOrder(order) && order.status == Pending
  ensures order.id in after
  ensures order.id in rows ==> after == rows
  ensures order.id !in rows ==> after[order.id] == order
  ensures forall id :: id in rows ==> id in after && after[id] == rows[id]
{
  if order.id in rows {
    after := rows;
  } else {
    after := rows[order.id := order];
  }
}
