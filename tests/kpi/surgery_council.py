"""A small invented team and its children in May and June 2026, for the tests of surgeries: each child a case of its own."""

from __future__ import annotations

from tests.kpi.building import tables

PLANS = """
    child_id started_on ended_on   team_id worker_id category_kind
    seen     2026-01-05 -          Harbour W1        neglect
    late     2026-01-05 -          Harbour W1        neglect
    booked   2026-01-05 -          Harbour W1        emotional
    unseen   2026-01-05 -          Harbour W1        -
    ended    2026-01-05 2026-05-28 Harbour W1        neglect
    endslate 2026-01-05 2026-05-30 Harbour W1        neglect
    moved    2026-01-05 -          Harbour W1        neglect
"""
VISITS = """
    child_id cohort_kind happened_on recorded_on child_seen team_id worker_id
    seen     cp          2026-05-28  2026-05-28  yes        Harbour W1
    late     cp          2026-06-02  2026-06-02  yes        Harbour W1
    booked   cp          2026-05-28  2026-06-04  yes        Harbour W1
    unseen   cp          2026-05-28  2026-05-28  no         Harbour W1
    unseen   cp          2026-04-15  2026-04-15  yes        Harbour W1
    unseen   cin         2026-05-27  2026-05-27  yes        Harbour W1
    ended    cp          2026-04-20  2026-04-20  yes        Harbour W1
    moved    cp          2026-05-26  2026-05-26  yes        Harbour W1
"""
MOVES = """
    child_id cohort_kind observed_on team_id worker_id
    moved    cp          2026-05-20  Harbour W1
    moved    cp          2026-05-28  Brook   W9
    unseen   cp          2026-05-20  Harbour W1
    unseen   cp          2026-05-31  Harbour W1
    unseen   cp          2026-06-05  Brook   W9
"""
COUNCIL = tables(cp_plan=PLANS, visit=VISITS, allocation=MOVES)
