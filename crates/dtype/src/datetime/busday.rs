//! Business days: which days of the week count, and the holidays that do not.

use super::civil::{civil_from_days, NAT};
use crate::error::{Error, Result};

/// The names of the days in a mask's text, from Monday.
const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Which days are business days.
#[derive(Clone, Debug)]
pub struct Calendar {
    mask: [bool; 7],
    per_week: i64,
    holidays: Vec<i64>,
}

/// What becomes of a date that is no business day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Roll {
    /// The next business day.
    Forward,
    /// The one before.
    Backward,
    /// The next one, or the one before where that is in another month.
    ModifiedFollowing,
    /// The one before, or the next one where that is in another month.
    ModifiedPreceding,
    /// Not a time.
    Nat,
    /// An error.
    Raise,
}

impl Roll {
    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<Roll> {
        Some(match name {
            "forward" | "following" => Roll::Forward,
            "backward" | "preceding" => Roll::Backward,
            "modifiedfollowing" => Roll::ModifiedFollowing,
            "modifiedpreceding" => Roll::ModifiedPreceding,
            "nat" => Roll::Nat,
            "raise" => Roll::Raise,
            _ => return None,
        })
    }
}

/// A mask's text: seven digits, or names of days.
pub fn parse_weekmask(text: &str) -> Option<[bool; 7]> {
    let mut mask = [false; 7];
    if text.len() == 7 && text.bytes().all(|b| matches!(b, b'0' | b'1')) {
        mask.iter_mut()
            .zip(text.bytes())
            .for_each(|(m, b)| *m = b == b'1');
        return Some(mask);
    }
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let name = rest.get(..3)?;
        mask[NAMES.iter().position(|n| *n == name)?] = true;
        rest = rest[3..].trim_start();
    }
    Some(mask)
}

fn weekday(date: i64) -> usize {
    // The first day of 1970 was a Thursday.
    (date.rem_euclid(7) as usize + 3) % 7
}

impl Calendar {
    /// A calendar of the days in `mask` (from Monday) without the holidays, which need no order.
    ///
    /// # Errors
    /// A mask without any day.
    pub fn new(mask: [bool; 7], mut holidays: Vec<i64>) -> Result<Calendar> {
        let per_week = mask.iter().filter(|&&m| m).count() as i64;
        if per_week == 0 {
            return Err(Error::Value(
                "the business day weekmask must have at least one valid business day".into(),
            ));
        }
        holidays.retain(|&d| d != NAT && mask[weekday(d)]);
        holidays.sort_unstable();
        holidays.dedup();
        Ok(Calendar {
            mask,
            per_week,
            holidays,
        })
    }

    /// The days of the week that count, from Monday.
    pub fn mask(&self) -> [bool; 7] {
        self.mask
    }

    /// The holidays that fall on days that would count, in order.
    pub fn holidays(&self) -> &[i64] {
        &self.holidays
    }

    /// Whether the date is a business day; not-a-time is none.
    pub fn is_busday(&self, date: i64) -> bool {
        date != NAT && self.mask[weekday(date)] && self.holidays.binary_search(&date).is_err()
    }

    /// Holidays from the first date up to, not including, the second.
    fn holidays_between(&self, begin: i64, end: i64) -> i64 {
        let before = |date| self.holidays.partition_point(|&h| h < date) as i64;
        (before(end) - before(begin)).max(0)
    }

    /// Days of the mask from the first date up to, not including, the second.
    fn days_between(&self, begin: i64, end: i64) -> i64 {
        let weeks = end.wrapping_sub(begin).div_euclid(7);
        let rest = end.wrapping_sub(begin).rem_euclid(7) as usize;
        let first = weekday(begin);
        let part = (0..rest).filter(|i| self.mask[(first + i) % 7]).count();
        weeks * self.per_week + part as i64
    }

    /// The nearest business day from `date` on, in steps of `step` (1 or -1).
    fn nearest(&self, mut date: i64, step: i64) -> i64 {
        while !self.is_busday(date) {
            date = date.wrapping_add(step);
            if date == NAT {
                return NAT;
            }
        }
        date
    }

    /// The date itself if it counts, else what the rule says.
    ///
    /// # Errors
    /// [`Roll::Raise`] and no business day, or not a time.
    pub fn roll(&self, date: i64, roll: Roll) -> Result<i64> {
        let raise = |text: &str| Err(Error::Value(text.into()));
        let month = |d| {
            let (year, month, _) = civil_from_days(d);
            (year, month)
        };
        let within = |found: i64, step: i64| {
            if month(found) == month(date) {
                found
            } else {
                self.nearest(date, step)
            }
        };
        if date == NAT {
            return match roll {
                Roll::Raise => raise("NaT input in busday_offset"),
                _ => Ok(NAT),
            };
        }
        if self.is_busday(date) {
            return Ok(date);
        }
        Ok(match roll {
            Roll::Forward => self.nearest(date, 1),
            Roll::Backward => self.nearest(date, -1),
            Roll::ModifiedFollowing => within(self.nearest(date, 1), -1),
            Roll::ModifiedPreceding => within(self.nearest(date, -1), 1),
            Roll::Nat => NAT,
            Roll::Raise => return raise("Non-business day date in busday_offset"),
        })
    }

    /// The date `count` days of the mask after (or before) a date that is one.
    fn skip(&self, date: i64, count: i64) -> i64 {
        let weeks = count / self.per_week;
        let mut date = date.wrapping_add(weeks.wrapping_mul(7));
        let mut left = count % self.per_week;
        let step = left.signum();
        while left != 0 {
            date = date.wrapping_add(step);
            left -= step * i64::from(self.mask[weekday(date)]);
        }
        date
    }

    /// Rolls the date, then moves it by a number of business days.
    ///
    /// # Errors
    /// As [`Calendar::roll`].
    pub fn offset(&self, date: i64, offset: i64, roll: Roll) -> Result<i64> {
        let start = self.roll(date, roll)?;
        if start == NAT {
            return Ok(NAT);
        }
        // Each holiday passed asks for one more day, which may pass further ones.
        let mut count = offset;
        loop {
            let end = self.skip(start, count);
            let passed = if offset >= 0 {
                self.holidays_between(start.wrapping_add(1), end.wrapping_add(1))
            } else {
                -self.holidays_between(end, start)
            };
            if count == offset.wrapping_add(passed) {
                return Ok(end);
            }
            count = offset.wrapping_add(passed);
        }
    }

    /// Business days from `begin` up to, not including, `end`; negative if `end` comes first.
    ///
    /// # Errors
    /// Not a time.
    pub fn count(&self, begin: i64, end: i64) -> Result<i64> {
        if begin == NAT || end == NAT {
            return Err(Error::Value(
                "Cannot compute a business day count with a NaT (not-a-time) date".into(),
            ));
        }
        let days = |begin, end| self.days_between(begin, end) - self.holidays_between(begin, end);
        Ok(if begin <= end {
            days(begin, end)
        } else {
            -days(end.wrapping_add(1), begin.wrapping_add(1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counting day by day is the slow twin of everything here.
    #[test]
    fn agrees_with_single_steps() {
        for mask in ["1111100", "Mon", "SatSun", "1010101"] {
            let mask = parse_weekmask(mask).expect("a mask");
            let calendar = Calendar::new(mask, vec![4, 5, 6, 11, 18, 25, -3, -10, NAT]).unwrap();
            for begin in -20..20 {
                let start = calendar.nearest(begin, 1);
                let mut date = start;
                for n in 0..15 {
                    assert_eq!(calendar.offset(begin, n, Roll::Forward).unwrap(), date);
                    assert_eq!(calendar.offset(date, -n, Roll::Raise).unwrap(), start);
                    assert_eq!(calendar.count(start, date).unwrap(), n);
                    assert_eq!(calendar.count(date, start).unwrap(), -n);
                    date = calendar.nearest(date + 1, 1);
                }
            }
        }
    }
}
