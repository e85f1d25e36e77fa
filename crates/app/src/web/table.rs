//! Tables that are sorted, filtered, paged and downloaded by address.
//!
//! Owns: which rows of a table are shown and in which order, its sums, its CSV and workbook. Does not own: what stands in it.
//!
//! The address says how: of a table `units`, `?units.sort=-amount&units.q=solna&units.page=2`, and `&units.as=csv` is its download.

use super::query::Query;
use crate::output::{self, Head, Lang};
use kernel::money::Money;
use kernel::price::Marks;
use std::cmp::Ordering;

/// Rows on a page, unless the address says otherwise.
const ROWS: usize = 100;

/// A table.
pub struct Table {
    /// Its name in the address: short, of letters.
    pub id: &'static str,
    /// What it holds.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// A row that stands last whatever is filtered, such as what is left of a whole.
    pub last: Option<Vec<Cell>>,
    /// What will stand here and how it gets here, where there is no row.
    pub empty: String,
    /// Whether it can be filtered; short tables need not.
    pub has_filter: bool,
    /// `synthetic` where it rests on synthetic data: its files say so.
    pub origin: &'static str,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name and headings.
    pub head: Head,
    /// Whether its numbers are added up under the table.
    pub is_summed: bool,
    /// Whether its numbers are amounts in öre.
    pub is_money: bool,
}

/// What stands in a row of a column.
#[derive(Clone, Debug)]
pub struct Cell {
    cell: output::Cell,
    /// Where it leads; blank for nowhere.
    pub href: String,
    /// Small words after it: correction, illustrative, unverified, synthetic.
    pub marks: Vec<String>,
}

/// A column of text.
pub const fn text(key: &'static str, sv: &'static str, en: &'static str) -> Column {
    Column { head: output::text(key, sv, en), is_summed: false, is_money: false }
}

/// A column of counts.
pub const fn count(key: &'static str, sv: &'static str, en: &'static str) -> Column {
    Column { head: output::number(key, sv, en), is_summed: false, is_money: false }
}

/// A column of amounts; the unit stands in the heading.
pub const fn money(key: &'static str, sv: &'static str, en: &'static str) -> Column {
    Column { head: output::number(key, sv, en), is_summed: false, is_money: true }
}

impl Column {
    /// With its sum under the table.
    #[must_use]
    pub const fn summed(mut self) -> Self {
        self.is_summed = true;
        self
    }
}

impl Cell {
    /// What people read and what programs read.
    pub fn of(shown: &str, plain: &str) -> Self {
        output::Cell::of(shown, plain).into()
    }

    /// A moment of RFC 3339 in UTC; for people without its letters.
    pub fn moment(at: &str) -> Self {
        Self::of(at.replacen('T', " ", 1).trim_end_matches('Z'), at)
    }

    /// An amount in whole kronor, for overviews; what programs read is öre.
    pub fn kronor(amount: Money) -> Self {
        let ore = amount.ore();
        let whole = (ore.abs() + 50) / 100 * ore.signum();
        let shown = Money::from_kronor(whole).to_string();
        let shown = shown.trim_end_matches("\u{a0}kr").trim_end_matches(",00");
        Self::of(shown, &ore.to_string())
    }

    /// With where it leads.
    #[must_use]
    pub fn to(mut self, url: impl Into<String>) -> Self {
        self.href = url.into();
        self
    }

    /// With a small word after it.
    #[must_use]
    pub fn mark(mut self, word: impl Into<String>) -> Self {
        self.marks.push(word.into());
        self
    }

    /// With the marks of what it rests on.
    #[must_use]
    pub fn marked(mut self, lang: Lang, marks: Marks) -> Self {
        if marks.illustrative {
            self.marks.push(lang.pick("illustrativ", "illustrative").to_owned());
        }
        if marks.unverified {
            self.marks.push(lang.pick("ej verifierad", "unverified").to_owned());
        }
        self
    }

    /// What people read.
    pub fn shown(&self) -> &str {
        self.cell.shown()
    }

    /// What programs read: öre of an amount.
    pub fn plain(&self) -> &str {
        self.cell.plain()
    }

    fn number(&self) -> Option<i64> {
        self.cell.plain().parse().ok()
    }
}

/// A name that stands before its code in brackets stands alone on a page; what programs read is the code.
impl From<output::Cell> for Cell {
    fn from(cell: output::Cell) -> Self {
        let code = format!(" ({})", cell.plain());
        let cell = match cell.shown().strip_suffix(&code) {
            Some(name) if !name.is_empty() => output::Cell::of(name, cell.plain()),
            _ => cell,
        };
        Self { cell, href: String::new(), marks: Vec::new() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        output::Cell::from(text).into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        output::Cell::from(text).into()
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        output::Cell::from(number).into()
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::from(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        i64::try_from(number).unwrap_or(i64::MAX).into()
    }
}

/// Without the unit, which stands in the heading.
impl From<Money> for Cell {
    fn from(amount: Money) -> Self {
        let shown = amount.to_string();
        Self::of(shown.trim_end_matches("\u{a0}kr"), &amount.ore().to_string())
    }
}

/// The part of a table that is shown.
pub struct Shown<'t> {
    /// The rows of the page.
    pub rows: Vec<&'t Vec<Cell>>,
    /// Rows that the filter lets through.
    pub found: usize,
    /// All rows.
    pub all: usize,
    /// The number of the page, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// Sums over the rows found; nothing where no column is added up.
    pub sums: Vec<Option<Cell>>,
    /// The column it is sorted by, and whether the largest stands first.
    pub sorted: Option<(&'static str, bool)>,
    /// What is sought.
    pub sought: String,
}

impl Table {
    /// A table with columns.
    pub fn new(id: &'static str, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            id,
            caption: caption.into(),
            columns,
            rows: Vec::new(),
            last: None,
            empty: String::new(),
            has_filter: true,
            origin: "reported",
        }
    }

    /// With rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// With what is said where there is no row.
    #[must_use]
    pub fn empty(mut self, empty: impl Into<String>) -> Self {
        self.empty = empty.into();
        self
    }

    /// With a last row of its own.
    #[must_use]
    pub fn last(mut self, row: Option<Vec<Cell>>) -> Self {
        self.last = row;
        self
    }

    /// Without a filter.
    #[must_use]
    pub const fn short(mut self) -> Self {
        self.has_filter = false;
        self
    }

    /// With the origin of what it rests on.
    #[must_use]
    pub const fn origin(mut self, origin: &'static str) -> Self {
        self.origin = origin;
        self
    }

    /// The name of a field of the address that is about this table.
    pub fn field(&self, name: &str) -> String {
        format!("{}.{name}", self.id)
    }

    /// The rows that an address asks for.
    pub fn shown(&self, query: &Query) -> Shown<'_> {
        let sought = query.value(&self.field("q")).unwrap_or("").to_owned();
        let (rows, sorted) = self.found(query);
        let found = rows.len();
        let size = query.value(&self.field("rows")).and_then(|rows| rows.parse().ok());
        let size = size.unwrap_or(ROWS).clamp(1, 1_000);
        let pages = found.div_ceil(size).max(1);
        let page = query.value(&self.field("page")).and_then(|page| page.parse().ok());
        let page = page.unwrap_or(1).clamp(1, pages);
        let sums = self.sums(&rows);
        let rows = rows.into_iter().skip((page - 1) * size).take(size).collect();
        Shown { rows, found, all: self.rows.len(), page, pages, sums, sorted, sought }
    }

    /// Every row that the filter lets through, in the order asked for.
    fn found(&self, query: &Query) -> (Vec<&Vec<Cell>>, Option<(&'static str, bool)>) {
        let sought = query.value(&self.field("q")).unwrap_or("").to_lowercase();
        let words: Vec<&str> = sought.split_whitespace().collect();
        let is_found = |row: &&Vec<Cell>| words.iter().all(|word| has_word(row, word));
        let mut rows: Vec<&Vec<Cell>> = self.rows.iter().filter(is_found).collect();
        let sort = query.value(&self.field("sort")).unwrap_or("");
        let (key, is_down) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
        let at = self.columns.iter().position(|column| column.head.key == key);
        let Some((at, column)) = at.and_then(|at| Some((at, self.columns.get(at)?))) else {
            return (rows, None);
        };
        rows.sort_by(|a, b| {
            let order = compare(column, a.get(at), b.get(at));
            if is_down { order.reverse() } else { order }
        });
        (rows, Some((column.head.key, is_down)))
    }

    fn sums(&self, rows: &[&Vec<Cell>]) -> Vec<Option<Cell>> {
        if rows.is_empty() || !self.columns.iter().any(|column| column.is_summed) {
            return Vec::new();
        }
        let sum = |(at, column): (usize, &Column)| {
            if !column.is_summed {
                return None;
            }
            let cells = || rows.iter().filter_map(|row| row.get(at));
            let sum = cells().filter_map(Cell::number).fold(0_i64, i64::saturating_add);
            let is_whole = cells().all(|cell| !cell.shown().contains(','));
            Some(match column.is_money {
                true if is_whole => Cell::kronor(Money::from_ore(sum)),
                true => Money::from_ore(sum).into(),
                false => sum.into(),
            })
        };
        self.columns.iter().enumerate().map(sum).collect()
    }

    /// The rows found as CSV: what programs read, with the origin in the last column.
    pub fn csv(&self, query: &Query) -> Vec<u8> {
        let mut out = csv::Writer::from_writer(Vec::new());
        let keys = self.columns.iter().map(|column| column.head.key).chain(["origin"]);
        // Writing to memory does not fail.
        let _infallible = out.write_record(keys);
        for row in self.found(query).0 {
            let cells = row.iter().map(Cell::plain).chain([self.origin]);
            let _infallible = out.write_record(cells);
        }
        out.into_inner().unwrap_or_default()
    }

    /// The rows found as a sheet of a workbook.
    pub fn sheet(&self, query: &Query, lang: Lang) -> documents::sheet::Sheet {
        super::render::sheet(self, &self.found(query).0, lang)
    }

    /// The name of a file of it, without its ending.
    pub fn file_name(&self) -> String {
        let mark = if self.origin == "synthetic" { "SYNTETISKA-DATA-" } else { "" };
        format!("{mark}vardkedja-{}", self.id)
    }
}

fn has_word(row: &[Cell], word: &str) -> bool {
    row.iter().any(|cell| {
        let shown = cell.shown().to_lowercase().replace('\u{a0}', " ");
        let marked = cell.marks.iter().any(|mark| mark.to_lowercase().contains(word));
        shown.contains(word) || cell.plain().to_lowercase().contains(word) || marked
    })
}

fn compare(column: &Column, a: Option<&Cell>, b: Option<&Cell>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return Ordering::Equal };
    if column.head.numeric {
        return a.number().cmp(&b.number()).then_with(|| a.plain().cmp(b.plain()));
    }
    letters(a.shown()).cmp(&letters(b.shown()))
}

/// A text by the order of the Swedish alphabet, small and large letters alike.
fn letters(text: &str) -> Vec<u32> {
    let letter = |c: char| match c {
        'å' => u32::from('z') + 1,
        'ä' | 'æ' => u32::from('z') + 2,
        'ö' | 'ø' => u32::from('z') + 3,
        'é' | 'è' => u32::from('e'),
        'ü' => u32::from('u'),
        c => u32::from(c),
    };
    text.to_lowercase().chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns =
            vec![text("unit", "Enhet", "Unit"), money("amount", "Belopp", "Amount").summed()];
        let row = |unit: &str, ore: i64| vec![unit.into(), Money::from_ore(ore).into()];
        Table::new("units", "Enheter", columns).rows([
            row("Ängby", 200),
            row("Östra", -50),
            row("Åkersberga", 1_420_000),
            row("Solna", 300),
        ])
    }

    fn names(shown: &Shown<'_>) -> Vec<String> {
        shown.rows.iter().map(|row| row[0].shown().to_owned()).collect()
    }

    #[test]
    fn the_address_sorts_by_the_swedish_alphabet_and_by_number() {
        let table = table();
        let by_name = table.shown(&Query::parse("units.sort=unit"));
        assert_eq!(names(&by_name), ["Solna", "Åkersberga", "Ängby", "Östra"]);
        let by_amount = table.shown(&Query::parse("units.sort=-amount"));
        assert_eq!(names(&by_amount), ["Åkersberga", "Solna", "Ängby", "Östra"]);
    }

    #[test]
    fn sums_are_of_the_rows_found() {
        let table = table();
        let shown = table.shown(&Query::parse("units.q=ng&units.rows=1"));
        assert_eq!((shown.found, shown.all), (1, 4));
        assert_eq!(shown.sums[1].as_ref().unwrap().plain(), "200");
        let all = table.shown(&Query::parse("units.rows=1&units.page=9"));
        assert_eq!((all.page, all.pages, all.rows.len()), (4, 4, 1));
        assert_eq!(all.sums[1].as_ref().unwrap().plain(), "1420450");
    }

    #[test]
    fn a_code_is_for_programs_and_a_sum_is_as_exact_as_its_rows() {
        let named: Cell = output::Cell::of("Danderyds sjukhus (danderyd)", "danderyd").into();
        assert_eq!((named.shown(), named.plain()), ("Danderyds sjukhus", "danderyd"));
        let columns = vec![money("amount", "Belopp", "Amount").summed()];
        let rows = [149, 150].map(|ore| vec![Cell::kronor(Money::from_ore(ore))]);
        let table = Table::new("units", "Enheter", columns).rows(rows);
        let sums = table.shown(&Query::parse("")).sums;
        let sum = sums[0].as_ref().unwrap();
        assert_eq!((sum.shown(), sum.plain()), ("3", "299"));
    }

    #[test]
    fn the_file_has_what_was_found_and_its_origin() {
        let table = table().origin("synthetic");
        let csv = String::from_utf8(table.csv(&Query::parse("units.q=14 200"))).unwrap();
        assert_eq!(csv, "unit,amount,origin\nÅkersberga,1420000,synthetic\n");
        assert_eq!(table.file_name(), "SYNTETISKA-DATA-vardkedja-units");
    }
}
