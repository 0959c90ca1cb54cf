------------------------------- MODULE Orders -------------------------------
(* Placing, charging and caching orders, with a service that may stop between   *)
(* any two steps, a client that asks again, and a cache that may lose anything. *)
EXTENDS FiniteSets

CONSTANT Ids

VARIABLES
  rows,     \* what PostgreSQL holds for each id
  charges,  \* what the payment processor decided, under the order's id as the idempotency key
  working,  \* the ids that the service is working on now
  cache     \* what Redis holds for each id

vars == <<rows, charges, working, cache>>

Settled == {"paid", "declined"}

TypeOK ==
  /\ rows \in [Ids -> {"none", "pending"} \cup Settled]
  /\ charges \in [Ids -> {"none"} \cup Settled]
  /\ working \subseteq Ids
  /\ cache \in [Ids -> {"none"} \cup Settled]

Init ==
  /\ rows = [id \in Ids |-> "none"]
  /\ charges = [id \in Ids |-> "none"]
  /\ working = {}
  /\ cache = [id \in Ids |-> "none"]

(* POST /orders: the row first; one that is there already stays as it is *)
Place(id) ==
  /\ rows[id] \notin Settled
  /\ id \notin working
  /\ rows' = [rows EXCEPT ![id] = "pending"]
  /\ working' = working \cup {id}
  /\ UNCHANGED <<charges, cache>>

(* the processor decides once for each key; asked again, it repeats its answer *)
Charge(id) ==
  /\ id \in working
  /\ charges[id] = "none"
  /\ \E answer \in Settled : charges' = [charges EXCEPT ![id] = answer]
  /\ UNCHANGED <<rows, working, cache>>

Settle(id) ==
  /\ id \in working
  /\ charges[id] # "none"
  /\ rows' = [rows EXCEPT ![id] = charges[id]]
  /\ working' = working \ {id}
  /\ UNCHANGED <<charges, cache>>

(* a time-out, a lost connection or a crash: the service forgets, the stores do not *)
Abandon(id) ==
  /\ id \in working
  /\ working' = working \ {id}
  /\ UNCHANGED <<rows, charges, cache>>

(* GET /orders/:id after a miss: only what is settled is cached *)
Fill(id) ==
  /\ rows[id] \in Settled
  /\ cache[id] = "none"
  /\ cache' = [cache EXCEPT ![id] = rows[id]]
  /\ UNCHANGED <<rows, charges, working>>

Evict(id) ==
  /\ cache[id] # "none"
  /\ cache' = [cache EXCEPT ![id] = "none"]
  /\ UNCHANGED <<rows, charges, working>>

Next ==
  \E id \in Ids :
    Place(id) \/ Charge(id) \/ Settle(id) \/ Abandon(id) \/ Fill(id) \/ Evict(id)

(* a client asks again until it has an answer, and not every try is abandoned *)
Fairness ==
  \A id \in Ids :
    /\ WF_vars(rows[id] = "pending" /\ Place(id))
    /\ SF_vars(Charge(id))
    /\ SF_vars(Settle(id))

Spec == Init /\ [][Next]_vars /\ Fairness

-----------------------------------------------------------------------------

(* A-006: no charge without a stored order *)
StoredBeforeCharged == \A id \in Ids : charges[id] # "none" => rows[id] # "none"

(* A-007: paid only when the processor took the money *)
PaidOnlyIfCharged == \A id \in Ids : rows[id] \in Settled => rows[id] = charges[id]

(* A-009: what the cache says is what the database says *)
CacheNeverStale == \A id \in Ids : cache[id] # "none" => cache[id] = rows[id]

(* A-005: a settled order never changes again, and neither does a charge *)
SettledIsFinal ==
  [][\A id \in Ids :
       /\ rows[id] \in Settled => rows'[id] = rows[id]
       /\ charges[id] # "none" => charges'[id] = charges[id]]_vars

(* A-008: an order that was placed is settled in the end *)
PendingIsSettled == \A id \in Ids : rows[id] = "pending" ~> rows[id] \in Settled

=============================================================================
