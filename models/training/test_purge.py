"""What may be fitted on, and judged: run by `npm run train` and by `npm test`."""

from __future__ import annotations

import random
import unittest

from purge import DAY_MICROS, EMBARGO_MICROS, MINUTE_MICROS, within

HORIZONS = (5, 15, 30, 60)
UNTIL = 1_770_940_800_000_000


class Purge(unittest.TestCase):
    def test_the_last_origin_before_a_boundary_is_one_whose_whole_window_ended_by_then(self) -> None:
        for minutes in HORIZONS:
            last = UNTIL - minutes * MINUTE_MICROS
            self.assertTrue(within(last, minutes, UNTIL))
            self.assertFalse(within(last + 1, minutes, UNTIL))

    def test_targets_of_60_minutes_are_purged_by_60_minutes(self) -> None:
        origins = [UNTIL - k * 5 * MINUTE_MICROS for k in range(100)]
        self.assertEqual(sum(not within(at, 60, UNTIL) for at in origins), 12)

    def test_property_no_minute_of_a_window_lies_outside_of_the_span(self) -> None:
        draw = random.Random(5)
        for _ in range(2_000):
            since, minutes = UNTIL - draw.randrange(3 * DAY_MICROS), draw.choice(HORIZONS)
            at = UNTIL - draw.randrange(-DAY_MICROS, 4 * DAY_MICROS)
            inside = since <= at and at + minutes * MINUTE_MICROS <= UNTIL
            self.assertEqual(bool(within(at, minutes, UNTIL, since)), inside)

    def test_what_a_fold_is_judged_on_begins_a_day_after_the_last_target_that_it_was_fitted_on(self) -> None:
        self.assertGreaterEqual(EMBARGO_MICROS, DAY_MICROS)
        for minutes in HORIZONS:
            ended = max(at + minutes * MINUTE_MICROS for at in range(UNTIL - DAY_MICROS, UNTIL, MINUTE_MICROS) if within(at, minutes, UNTIL))
            judged = min(at for at in range(UNTIL, UNTIL + 2 * DAY_MICROS, MINUTE_MICROS) if within(at, minutes, UNTIL + 9 * DAY_MICROS, UNTIL + EMBARGO_MICROS))
            self.assertGreaterEqual(judged - ended, EMBARGO_MICROS)


if __name__ == "__main__":
    unittest.main()
