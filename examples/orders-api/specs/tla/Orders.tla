------------------------------- MODULE Orders -------------------------------
EXTENDS Naturals
CONSTANT Customers

VARIABLES payment, stored, answered
vars == <<payment, stored, answered>>

TypeOK ==
  /\ payment \in [Customers -> {"none", "asked", "accepted", "declined"}]
  /\ stored \in [Customers -> BOOLEAN]
  /\ answered \in [Customers -> BOOLEAN]

Init ==
  /\ payment = [c \in Customers |-> "none"]
  /\ stored = [c \in Customers |-> FALSE]
  /\ answered = [c \in Customers |-> FALSE]

Ask(c) == payment[c] = "none" /\ payment' = [payment EXCEPT ![c] = "asked"] /\ UNCHANGED <<stored, answered>>

Decide(c) ==
  /\ payment[c] = "asked"
  /\ \E result \in {"accepted", "declined"} : payment' = [payment EXCEPT ![c] = result]
  /\ UNCHANGED <<stored, answered>>

Store(c) == payment[c] = "accepted" /\ ~stored[c] /\ stored' = [stored EXCEPT ![c] = TRUE] /\ UNCHANGED <<payment, answered>>

Answer(c) ==
  /\ ~answered[c]
  /\ stored[c] \/ payment[c] = "declined"
  /\ answered' = [answered EXCEPT ![c] = TRUE]
  /\ UNCHANGED <<payment, stored>>

Next == \E c \in Customers : Ask(c) \/ Decide(c) \/ Store(c) \/ Answer(c)

Spec == Init /\ [][Next]_vars /\ \A c \in Customers : WF_vars(Ask(c) \/ Decide(c) \/ Store(c) \/ Answer(c))

StoredOnlyWhenPaid == \A c \in Customers : stored[c] => payment[c] = "accepted"
DeclinedLeavesNothing == \A c \in Customers : payment[c] = "declined" => ~stored[c]
EveryOrderIsAnswered == \A c \in Customers : <>answered[c]
=============================================================================
