//! `schema`: the form of files, as the product itself knows it.

pub mod beside;

use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Out, text};
use kernel::fact::ContactKind;
use kernel::finding::Text;
use kernel::intake::{ALIASES, COMPULSORY, Column};
use serde::Serialize;

#[derive(Serialize)]
struct ContactsJson {
    columns: Vec<ColumnJson>,
    class_columns: &'static str,
}

#[derive(Serialize)]
struct ColumnJson {
    name: &'static str,
    compulsory: bool,
    aliases: Vec<&'static str>,
    values: String,
}

/// What a column takes, in words.
fn values(column: Column) -> Text {
    let (sv, en) = match column {
        Column::ContactId => ("text, unik i regionen", "text, unique in the region"),
        Column::Report => (
            "new (förval) | correction | cancellation",
            "new (default) | correction | cancellation",
        ),
        Column::ReportedOn => (
            "datum (2023-01-31), annars importdagen",
            "date (2023-01-31), default the day of import",
        ),
        Column::Unit => ("enhetens id, HSA-id eller kombikakod", "unit id, HSA-id or kombika code"),
        Column::Person => (
            "person-, samordnings- eller reservnummer, eller p-…",
            "personal, coordination or reserve number, or p-…",
        ),
        Column::CareDate => ("datum, 2023-01-31", "date, 2023-01-31"),
        Column::Individual | Column::Enrolled | Column::ByTeam => {
            ("1/0, ja/nej eller true/false", "1/0, ja/nej or true/false")
        }
        Column::GestationalDays => ("heltal 0–320", "0–320"),
        Column::Parity => ("heltal från 0", "whole number from 0"),
        Column::Diagnoses | Column::Procedures => {
            ("koder åtskilda av blanksteg", "codes separated by spaces")
        }
        Column::Residence => {
            ("fyra siffror, eller ett ord som asylum", "four digits, or a word such as asylum")
        }
        Column::Kind => {
            let names: Vec<&str> = ContactKind::ALL.iter().map(|kind| kind.name()).collect();
            let names = names.join(" | ");
            return Text::new(names.clone(), names);
        }
        Column::Profession
        | Column::Drg
        | Column::Place
        | Column::Team
        | Column::PlannedUnit
        | Column::Carer
        | Column::BornAt => ("fri text", "text"),
    };
    Text::new(sv, en)
}

/// Runs `schema contacts`.
pub fn contacts(out: Out) -> Result<Outcome, Failure> {
    let columns: Vec<ColumnJson> = Column::ALL
        .iter()
        .map(|column| ColumnJson {
            name: column.name(),
            compulsory: COMPULSORY.contains(column),
            aliases: ALIASES.iter().filter(|(_, c)| c == column).map(|(name, _)| *name).collect(),
            values: values(*column).en,
        })
        .collect();
    if out.format == Format::Json {
        out.json(&ContactsJson { columns, class_columns: "class_<name>" })?;
        return Ok(Outcome::Done);
    }
    let heads = [
        text("name", "Kolumn", "Column"),
        text("compulsory", "Måste finnas", "Compulsory"),
        text("aliases", "Svenskt namn", "Swedish name"),
        text("values", "Värden", "Values"),
    ];
    let rows: Vec<_> = columns
        .iter()
        .zip(Column::ALL)
        .map(|(column, kind)| {
            let compulsory = if column.compulsory { out.lang.pick("ja", "yes") } else { "" };
            let aliases = column.aliases.join(" ");
            vec![
                column.name.into(),
                compulsory.into(),
                aliases.into(),
                Cell::of(out.lang.of(&values(*kind)), &column.values),
            ]
        })
        .collect();
    out.table(&heads, &rows)?;
    out.say(
        "\nVarje annan kolumn ska heta class_…; en okänd kolumn avvisar filen. Stora och små bokstäver, å/ä/ö, mellanslag, bindestreck och understreck i namnen spelar ingen roll.\nFilen är CSV (; , tab eller |; UTF-8, UTF-16 eller Windows-1252), Excel (xlsx, xlsm: första bladet med rubrikraden) eller Parquet, även packad (.gz). Vad den är avgörs av innehållet.",
        "\nAny other column must be called class_…; an unknown column refuses the file. Case, diacritics, spaces, hyphens and underscores in the names make no difference.\nThe file is CSV (; , tab or |; UTF-8, UTF-16 or Windows-1252), Excel (xlsx, xlsm: the first sheet with the header) or Parquet, possibly packed (.gz). What it is is told by its content.",
    );
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct RatebookJson {
    tables: Vec<TableJson>,
}

#[derive(Serialize)]
struct TableJson {
    table: &'static str,
    keys: Vec<&'static str>,
}

/// Runs `schema ratebook`.
pub fn ratebook(out: Out) -> Result<Outcome, Failure> {
    let tables = crate::ratebook::schema();
    if out.format == Format::Json {
        let tables = tables.into_iter().map(|(table, keys)| TableJson { table, keys }).collect();
        out.json(&RatebookJson { tables })?;
        return Ok(Outcome::Done);
    }
    let heads = [text("table", "Tabell", "Table"), text("keys", "Nycklar", "Keys")];
    let rows: Vec<_> =
        tables.iter().map(|(table, keys)| vec![(*table).into(), keys.join(" ").into()]).collect();
    out.table(&heads, &rows)?;
    Ok(Outcome::Done)
}
