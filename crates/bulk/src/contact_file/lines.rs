//! The lines of accepted rows, kept as stretches without a gap.

/// Which line each row stands on. Rows that follow one another cost no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Row and line at the start of each stretch.
    starts: Vec<(usize, u64)>,
    rows: usize,
}

impl Lines {
    /// Adds the line of the next row.
    pub fn push(&mut self, line: u64) {
        let follows = self
            .starts
            .last()
            .is_some_and(|(row, start)| start.checked_add((self.rows - row) as u64) == Some(line));
        if !follows {
            self.starts.push((self.rows, line));
        }
        self.rows += 1;
    }

    /// The line of a row from 0.
    pub fn get(&self, row: usize) -> Option<u64> {
        if row >= self.rows {
            return None;
        }
        let at = self.starts.partition_point(|(start, _)| *start <= row).checked_sub(1)?;
        let (start, line) = self.starts.get(at)?;
        Some(line + (row - start) as u64)
    }

    /// How many rows.
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }
}

impl FromIterator<u64> for Lines {
    fn from_iter<I: IntoIterator<Item = u64>>(lines: I) -> Self {
        let mut all = Self::default();
        lines.into_iter().for_each(|line| all.push(line));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_line() {
        let lines = [2, 3, 4, 7, 8, 20];
        let kept: Lines = lines.into_iter().collect();
        let read: Vec<_> = (0..kept.len()).filter_map(|row| kept.get(row)).collect();
        assert_eq!((read.as_slice(), kept.starts.len()), (&lines[..], 3));
        assert_eq!(kept.get(6), None);
    }
}
