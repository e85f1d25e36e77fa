//! The header of a contact file: which column stands where.
//!
//! Owns: the Swedish names, and which spellings mean one column. Does not own: where a header stands in a
//! file (`bulk`).
//!
//! `Vårddatum`, `vard_datum` and `care date` all mean `care_date`.

use super::{COMPULSORY, Column};
use std::sync::Arc;

/// Swedish names that mean the same column; the first of a column is the one that is documented first.
pub const ALIASES: &[(&str, Column)] = &[
    ("kontakt_id", Column::ContactId),
    ("vårdkontakt_id", Column::ContactId),
    ("rapport", Column::Report),
    ("rapporttyp", Column::Report),
    ("rapporterad", Column::ReportedOn),
    ("rapportdatum", Column::ReportedOn),
    ("enhet", Column::Unit),
    ("enhetskod", Column::Unit),
    ("enhets_id", Column::Unit),
    ("hsa_id", Column::Unit),
    ("kombika", Column::Unit),
    ("kombikakod", Column::Unit),
    ("personnummer", Column::Person),
    ("person_nr", Column::Person),
    ("kontakttyp", Column::Kind),
    ("vårddatum", Column::CareDate),
    ("besöksdatum", Column::CareDate),
    ("kontaktdatum", Column::CareDate),
    ("yrkeskategori", Column::Profession),
    ("yrke", Column::Profession),
    ("drg_kod", Column::Drg),
    ("diagnoser", Column::Diagnoses),
    ("diagnoskoder", Column::Diagnoses),
    ("åtgärder", Column::Procedures),
    ("åtgärdskoder", Column::Procedures),
    ("folkbokföring", Column::Residence),
    ("folkbokföringskommun", Column::Residence),
    ("kommunkod", Column::Residence),
    ("plats", Column::Place),
    ("individuellt", Column::Individual),
    ("inskriven", Column::Enrolled),
    ("av_teamet", Column::ByTeam),
    ("barnmorsketeam", Column::Team),
    ("graviditetsdagar", Column::GestationalDays),
    ("paritet", Column::Parity),
    ("planerad_enhet", Column::PlannedUnit),
    ("vårdgivare", Column::Carer),
    ("född", Column::BornAt),
    ("födelsetid", Column::BornAt),
];

/// What stands in one position of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A fixed column.
    Column(Column),
    /// A class column, without `class_` and in lower case.
    Class(Arc<str>),
}

/// The header of a file: what each position holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    fields: Vec<Field>,
}

/// Why a header is refused (R53).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// No column has this name; the nearest one.
    Unknown(String, &'static str),
    /// Two names mean the same column.
    Twice(String, String),
    /// A compulsory column is missing.
    Missing(Column),
}

impl Header {
    /// Reads the names of the columns; `class_…` is a class, Swedish aliases count as the column. Case,
    /// diacritics, spaces, hyphens, points and underscores make no difference.
    pub fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, HeaderFault> {
        let mut fields: Vec<Field> = Vec::new();
        let mut read: Vec<&str> = Vec::new();
        for name in names {
            let name = name.trim();
            let field = match field_of(name) {
                Some(field) => field,
                None => return Err(HeaderFault::Unknown(name.to_owned(), nearest_column(name))),
            };
            if let Some((_, first)) = fields.iter().zip(&read).find(|(known, _)| **known == field) {
                return Err(HeaderFault::Twice((*first).to_owned(), name.to_owned()));
            }
            fields.push(field);
            read.push(name);
        }
        let missing = COMPULSORY.into_iter().find(|c| !fields.contains(&Field::Column(*c)));
        missing.map_or(Ok(Self { fields }), |column| Err(HeaderFault::Missing(column)))
    }

    /// The positions in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Whether a name means a column; for a reader that looks for the header.
    pub fn knows(name: &str) -> bool {
        field_of(name.trim()).is_some()
    }
}

fn field_of(name: &str) -> Option<Field> {
    let plain = plain(name);
    let column = Column::ALL.iter().find(|column| is_plain(column.name(), &plain)).copied();
    let alias = || ALIASES.iter().find(|(alias, _)| is_plain(alias, &plain)).map(|(_, c)| *c);
    if let Some(column) = column.or_else(alias) {
        return Some(Field::Column(column));
    }
    let (prefix, class) = name.split_once('_')?;
    let is_class = prefix.eq_ignore_ascii_case("class") || prefix.eq_ignore_ascii_case("klass");
    (is_class && !class.is_empty()).then(|| Field::Class(Arc::from(class.to_lowercase())))
}

fn is_plain(name: &str, plain_name: &str) -> bool {
    plain_chars(name).eq(plain_name.chars())
}

/// The name of a column without what makes no difference: case, diacritics, spaces, hyphens, points and underscores.
pub fn plain(name: &str) -> String {
    plain_chars(name).collect()
}

/// Lower case without diacritics and without what parts words. A letter followed by a combining mark is
/// that letter.
fn plain_chars(name: &str) -> impl Iterator<Item = char> {
    name.chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        'å' | 'ä' | 'à' | 'á' => Some('a'),
        'ö' | 'ø' => Some('o'),
        'é' | 'è' => Some('e'),
        ' ' | '_' | '-' | '.' | '\u{a0}' | '\u{300}'..='\u{36f}' => None,
        other => Some(other),
    })
}

fn nearest_column(name: &str) -> &'static str {
    let names = Column::ALL.iter().map(|column| column.name());
    let shown: String = name.chars().take(40).collect();
    nearest(&shown, names).unwrap_or("")
}

/// The candidate with the smallest edit distance to `name`; the first of equals.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates.min_by_key(|candidate| edit_distance(name, candidate))
}

/// The nearest candidate, where it is near enough to be what was meant: half of the letters or more are the same.
pub fn near<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let found = nearest(&name, candidates)?;
    (edit_distance(&name, found) * 2 <= name.chars().count()).then_some(found)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next_row = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let substituted = diagonal + usize::from(ca != *cb);
            left = substituted.min(left + 1).min(above + 1);
            next_row.push(left);
            diagonal = *above;
        }
        row = next_row;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_its_nearest_column() {
        let fault = Header::read(["contact_id", "care_dat"].into_iter()).unwrap_err();
        assert_eq!(fault, HeaderFault::Unknown("care_dat".into(), "care_date"));
        let fault = Header::read(["contact_id"].into_iter()).unwrap_err();
        assert_eq!(fault, HeaderFault::Missing(Column::Unit));
    }

    #[test]
    fn a_column_is_known_by_any_of_its_spellings() {
        let names = ["Kontakt-ID", "ENHET", "Personnummer", "kontakt typ", "Vårddatum", "Class_x"];
        let expected = ["contact_id", "unit", "person", "kind", "care_date", "class_x"];
        let read = |names: &[&str]| Header::read(names.iter().copied()).unwrap();
        assert_eq!(read(&names), read(&expected));
        for spelling in ["vard_datum", "VARDDATUM", "va\u{30a}rd datum", "Besöksdatum", "Care Date"]
        {
            let names = ["contact_id", "unit", "person", "kind", spelling, "class_x"];
            assert_eq!(read(&names), read(&expected), "{spelling}");
        }
    }

    #[test]
    fn two_names_of_one_column_are_refused() {
        let names = ["contact_id", "unit", "person", "kind", "care_date", "Vårddatum"];
        let fault = Header::read(names.into_iter()).unwrap_err();
        assert_eq!(fault, HeaderFault::Twice("care_date".into(), "Vårddatum".into()));
        let names = ["contact_id", "unit", "person", "kind", "care_date", "class_grupp"];
        let fault = Header::read(names.into_iter().chain(["KLASS_Grupp"])).unwrap_err();
        assert_eq!(fault, HeaderFault::Twice("class_grupp".into(), "KLASS_Grupp".into()));
    }

    /// No spelling may mean two columns.
    #[test]
    fn every_name_is_of_one_column() {
        let mut names: Vec<(String, Column)> =
            Column::ALL.iter().map(|column| (plain(column.name()), *column)).collect();
        names.extend(ALIASES.iter().map(|(alias, column)| (plain(alias), *column)));
        names.sort();
        assert!(names.windows(2).all(|pair| pair[0].0 != pair[1].0), "{names:?}");
    }
}
