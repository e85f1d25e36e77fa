//! The columns of the four kinds of file, and which header is which kind.
//!
//! Owns: names in English and Swedish. Does not own: what a field may hold (`row`).
//!
//! `contact_id;labour_start;active_from` and `Kontakt-ID;Förlossningsstart;Aktiv från` are the same header, of labour.

use kernel::intake::{nearest, plain};
use kernel::named;

named! {
    /// A kind of file beside contacts.
    Kind {
        /// Labour of delivery contacts (förlossningsförlopp).
        Labour = "labour",
        /// Stretches of midwives' shifts (bemanning).
        Staffing = "staffing",
        /// What was measured at a contact (mått).
        Measure = "measure",
        /// Answers to a survey, counted (enkät).
        Survey = "survey",
    }
}

named! {
    /// The columns of all kinds.
    Column {
        /// The contact as the contact file has it.
        ContactId = "contact_id",
        /// new, correction or cancellation.
        Report = "report",
        /// Day of the report.
        ReportedOn = "reported_on",
        /// How labour began.
        LabourStart = "labour_start",
        /// When the active phase began.
        ActiveFrom = "active_from",
        /// When the active phase ended.
        ActiveUntil = "active_until",
        /// The carer.
        Carer = "carer",
        /// Unit id, HSA-id or kombika code.
        Unit = "unit",
        /// First minute of a stretch.
        StartsAt = "starts_at",
        /// The minute after the last of a stretch.
        EndsAt = "ends_at",
        /// Name of a measure.
        Measure = "measure",
        /// Value of a measure.
        Value = "value",
        /// First month of a survey.
        FromMonth = "from_month",
        /// Last month of a survey.
        ToMonth = "to_month",
        /// The question.
        Question = "question",
        /// How many were asked.
        Asked = "asked",
        /// How many answered.
        Answered = "answered",
        /// How many answers count.
        Counted = "counted",
    }
}

/// Other names of the same columns; the first of a column is the one that is documented.
pub const ALIASES: &[(&str, Column)] = &[
    ("kontakt_id", Column::ContactId),
    ("vårdkontakt_id", Column::ContactId),
    ("rapport", Column::Report),
    ("rapporttyp", Column::Report),
    ("rapporterad", Column::ReportedOn),
    ("rapportdatum", Column::ReportedOn),
    ("förlossningsstart", Column::LabourStart),
    ("aktiv_från", Column::ActiveFrom),
    ("aktiv_fas_från", Column::ActiveFrom),
    ("aktiv_till", Column::ActiveUntil),
    ("aktiv_fas_till", Column::ActiveUntil),
    ("vårdgivare", Column::Carer),
    ("barnmorska", Column::Carer),
    ("enhet", Column::Unit),
    ("enhetskod", Column::Unit),
    ("hsa_id", Column::Unit),
    ("kombika", Column::Unit),
    ("börjar", Column::StartsAt),
    ("slutar", Column::EndsAt),
    ("mått", Column::Measure),
    ("värde", Column::Value),
    ("från_månad", Column::FromMonth),
    ("till_månad", Column::ToMonth),
    ("fråga", Column::Question),
    ("tillfrågade", Column::Asked),
    ("svarande", Column::Answered),
    ("räknade", Column::Counted),
];

/// Columns that every kind may have.
const REPORT: [Column; 2] = [Column::Report, Column::ReportedOn];

impl Kind {
    /// Its own columns, each with whether it is compulsory; `report` and `reported_on` may always be there.
    pub const fn columns(self) -> &'static [(Column, bool)] {
        match self {
            Self::Labour => &[
                (Column::ContactId, true),
                (Column::LabourStart, true),
                (Column::ActiveFrom, false),
                (Column::ActiveUntil, false),
            ],
            Self::Staffing => &[
                (Column::Carer, true),
                (Column::Unit, true),
                (Column::ContactId, false),
                (Column::StartsAt, true),
                (Column::EndsAt, true),
            ],
            Self::Measure => {
                &[(Column::ContactId, true), (Column::Measure, true), (Column::Value, true)]
            }
            Self::Survey => &[
                (Column::Unit, true),
                (Column::FromMonth, true),
                (Column::ToMonth, true),
                (Column::Question, true),
                (Column::Asked, true),
                (Column::Answered, true),
                (Column::Counted, true),
            ],
        }
    }

    /// The columns that tell which thing a row is about; a cancellation needs no more.
    pub const fn key(self) -> &'static [Column] {
        match self {
            Self::Labour => &[Column::ContactId],
            Self::Staffing => &[Column::Carer, Column::Unit, Column::ContactId, Column::StartsAt],
            Self::Measure => &[Column::ContactId, Column::Measure],
            Self::Survey => &[Column::Unit, Column::FromMonth, Column::ToMonth, Column::Question],
        }
    }

    fn has(self, column: Column) -> bool {
        REPORT.contains(&column) || self.columns().iter().any(|(own, _)| *own == column)
    }

    /// The kind that all of some columns are of, if there is just one.
    fn of(columns: &[Column]) -> Option<Self> {
        let mut kinds =
            Self::ALL.iter().copied().filter(|kind| columns.iter().all(|column| kind.has(*column)));
        let kind = kinds.next();
        if kinds.next().is_some() { None } else { kind }
    }
}

/// The header of a file: what each position holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which kind of file it is of.
    pub kind: Kind,
    /// The column of each position.
    pub columns: Vec<Column>,
    places: [Option<usize>; Column::ALL.len()],
}

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// Not one name is that of a column: there is no header, or it is another file. What stands there may be anything, also a name.
    NoHeader,
    /// No kind has such a column; the nearest one.
    Unknown(String, &'static str),
    /// Two names mean the same column.
    Twice(String, String),
    /// The kind has no such column.
    NotOfKind(Kind, Column),
    /// A compulsory column of the kind is missing.
    Missing(Kind, Column),
    /// The columns do not tell which kind it is.
    NoKind,
}

impl Header {
    /// Reads the names of the columns of a kind; where none is said, the columns tell it.
    pub fn read(kind: Option<Kind>, names: &[String]) -> Result<Self, HeaderFault> {
        if !names.iter().any(|name| Self::knows(name)) {
            return Err(HeaderFault::NoHeader);
        }
        let mut columns: Vec<Column> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let name = name.trim();
            let column = column_of(name).ok_or_else(|| unknown(name, kind))?;
            if let Some(first) = columns.iter().position(|known| *known == column) {
                let first = names.get(first).unwrap_or(&names[at]).trim().to_owned();
                return Err(HeaderFault::Twice(first, name.to_owned()));
            }
            columns.push(column);
        }
        let kind = kind.or_else(|| Kind::of(&columns)).ok_or(HeaderFault::NoKind)?;
        if let Some(column) = columns.iter().find(|column| !kind.has(**column)) {
            return Err(HeaderFault::NotOfKind(kind, *column));
        }
        let needed = kind.columns().iter().filter(|(_, is_needed)| *is_needed);
        if let Some((column, _)) = needed.clone().find(|(column, _)| !columns.contains(column)) {
            return Err(HeaderFault::Missing(kind, *column));
        }
        let mut places = [None; Column::ALL.len()];
        for (at, column) in columns.iter().enumerate() {
            if let Some(place) = places.get_mut(*column as usize) {
                *place = Some(at);
            }
        }
        Ok(Self { kind, columns, places })
    }

    /// Whether a name means a column; for a reader that looks for the header.
    pub fn knows(name: &str) -> bool {
        column_of(name.trim()).is_some()
    }

    /// The text of a column in a row, trimmed; empty where the file or the row does not have it.
    pub fn get<'t>(&self, column: Column, fields: &[&'t str]) -> &'t str {
        let place = self.places.get(column as usize).copied().flatten();
        place.and_then(|at| fields.get(at)).map_or("", |text| text.trim())
    }
}

fn column_of(name: &str) -> Option<Column> {
    let name = plain(name);
    let own = Column::ALL.iter().find(|column| plain(column.name()) == name).copied();
    own.or_else(|| ALIASES.iter().find(|(alias, _)| plain(alias) == name).map(|(_, own)| *own))
}

fn unknown(name: &str, kind: Option<Kind>) -> HeaderFault {
    let columns = Column::ALL.iter().filter(|column| kind.is_none_or(|kind| kind.has(**column)));
    let shown: String = name.chars().take(40).collect();
    let near = nearest(&shown, columns.map(|column| column.name())).unwrap_or("");
    HeaderFault::Unknown(shown, near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Option<Kind>, names: &[&str]) -> Result<Header, HeaderFault> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Header::read(kind, &names)
    }

    #[test]
    fn the_columns_tell_the_kind() {
        let kind = |names: &[&str]| read(None, names).map(|header| header.kind);
        assert_eq!(kind(&["contact_id", "labour_start"]), Ok(Kind::Labour));
        assert_eq!(kind(&["Kontakt-ID", "Förlossningsstart", "Aktiv från"]), Ok(Kind::Labour));
        assert_eq!(kind(&["barnmorska", "enhet", "börjar", "slutar"]), Ok(Kind::Staffing));
        assert_eq!(kind(&["kontakt_id", "mått", "värde", "rapporterad"]), Ok(Kind::Measure));
        assert_eq!(kind(&["contact_id", "report"]), Err(HeaderFault::NoKind));
        assert_eq!(
            kind(&["contact_id", "vlue"]),
            Err(HeaderFault::Unknown("vlue".into(), "value"))
        );
        let twice = HeaderFault::Twice("unit".into(), "Enhet".into());
        assert_eq!(kind(&["unit", "Enhet"]), Err(twice));
        let missing = HeaderFault::Missing(Kind::Measure, Column::Value);
        assert_eq!(kind(&["contact_id", "measure"]), Err(missing));
        let other = HeaderFault::NotOfKind(Kind::Labour, Column::Value);
        assert_eq!(read(Some(Kind::Labour), &["contact_id", "value"]), Err(other));
    }

    /// No spelling may mean two columns.
    #[test]
    fn every_name_is_of_one_column() {
        let mut names: Vec<String> =
            Column::ALL.iter().map(|column| plain(column.name())).collect();
        names.extend(ALIASES.iter().map(|(alias, _)| plain(alias)));
        names.sort();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        for kind in Kind::ALL {
            assert!(kind.key().iter().all(|column| kind.has(*column)));
        }
    }
}
