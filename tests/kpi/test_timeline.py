"""Events put in order once answer as a plain look through them does: the last by a day, the next from one, each day between two."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kpi.cohorts import Timeline

FIRST = pd.Timestamp("1969-12-20")
CHILD, DAY = st.sampled_from(["A", "B", "C"]), st.one_of(st.none(), st.integers(0, 30))


def dates(days: list[int | None]) -> pd.Series:
    return pd.Series([pd.NaT if day is None else FIRST + pd.Timedelta(days=day) for day in days], dtype="datetime64[s]")


@given(st.lists(st.tuples(CHILD, DAY), max_size=12), st.lists(st.tuples(st.sampled_from("ABCD"), DAY, DAY), min_size=1, max_size=6))
def test_events_in_order_answer_as_a_plain_look_does(
    events: list[tuple[str, int | None]], asked: list[tuple[str, int | None, int | None]]
) -> None:
    frame = pd.DataFrame({"child_id": pd.Series([child for child, _ in events], dtype="str"), "on": dates([day for _, day in events])})
    of = pd.Series([child for child, _, _ in asked], dtype="str")
    since, until = dates([day for _, day, _ in asked]), dates([day for _, _, day in asked])
    timeline = Timeline.of(frame, "on")
    whose, found = timeline.between(of, since, until)
    between = list(zip(whose.tolist(), pd.DatetimeIndex(found), strict=True))
    expected = []
    for place, (child, low, high) in enumerate(asked):
        own = [(day, row) for row, (who, day) in enumerate(events) if who == child and day is not None]
        by = [one for one in own if high is not None and one[0] <= high]
        after = sorted(day for day, _ in own if low is not None and day >= low)
        assert timeline.last(of, until)[place] == (max(by)[1] if by else -1)
        assert timeline.first(of)[place] == (min(own)[1] if own else -1)
        last, following = timeline.last_day(of, until)[place], timeline.next_day(of, since)[place]
        assert np.isnat(last) if not by else last == (FIRST + pd.Timedelta(days=max(by)[0])).to_datetime64()
        assert np.isnat(following) if not after else following == (FIRST + pd.Timedelta(days=after[0])).to_datetime64()
        expected += [(place, FIRST + pd.Timedelta(days=day)) for day in sorted(set(after)) if high is None or day < high]
    assert between == expected
