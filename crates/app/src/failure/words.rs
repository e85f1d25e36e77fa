//! Errors of files and databases in Swedish; their own texts are the English.

use crate::ratebook::ReadError;
use bulk::ParquetError;
use bulk::csv_in::CsvError;
use kernel::finding::Text;
use kernel::intake::HeaderFault;
use store::StoreError;

/// A contact file that cannot be read.
pub(super) fn csv(error: &CsvError) -> Text {
    let sv = match error {
        CsvError::Io { file, source } => format!("`{file}` går inte att läsa: {source}"),
        CsvError::NotUtf8 { file, line } => {
            format!("`{file}` rad {line} är inte UTF-8; spara filen igen med teckenkodningen UTF-8")
        }
        CsvError::NoHeader { file } => {
            format!("`{file}` är tom; första raden ska ha kolumnernas namn")
        }
        CsvError::Header { file, fault } => format!("`{file}` rad 1: {}", header(fault)),
        CsvError::UnclosedQuote { file, line } => format!(
            "`{file}`: ett citattecken öppnas men stängs aldrig, troligen i raden som börjar på rad {line}; resten av filen kan inte läsas säkert"
        ),
        CsvError::TooManyFields { file, line, found, expected } => format!(
            "`{file}` rad {line} har {found} fält, rubrikraden {expected}; en text som innehåller skiljetecknet ska stå inom citattecken"
        ),
    };
    Text::new(sv, error.to_string())
}

fn header(fault: &HeaderFault) -> String {
    match fault {
        HeaderFault::Unknown(name, near) => {
            format!(
                "okänd kolumn `{name}`; närmast är `{near}`. Alla kolumner: vardkedja schema contacts"
            )
        }
        HeaderFault::Twice(name) => format!("kolumnen `{name}` står två gånger"),
        HeaderFault::Missing(column) => format!("kolumnen `{column}` saknas men måste finnas"),
    }
}

/// Ratebooks that cannot be read at all.
pub(super) fn ratebook(error: &ReadError) -> Text {
    let sv = match error {
        ReadError::Io { path, source } => {
            format!("`{}` går inte att läsa: {source}", path.display())
        }
        ReadError::NotARatebook { path } => {
            format!("`{}` är varken en mapp eller en .toml-fil", path.display())
        }
        ReadError::NoFiles { path } => format!("`{}` har ingen .toml-fil", path.display()),
    };
    Text::new(sv, error.to_string())
}

/// Something that could not be kept or read.
pub(super) fn store(error: &StoreError) -> Text {
    let sv = match error {
        StoreError::Io { path, source } => {
            format!("`{}` går inte att använda: {source}", path.display())
        }
        StoreError::AlreadyThere { folder } => format!(
            "`{}` har redan data; välj en annan mapp eller använd den som den är",
            folder.display()
        ),
        StoreError::NotThere { folder } => format!(
            "`{}` är ingen datamapp; börja med vardkedja init, eller ange rätt mapp med --data",
            folder.display()
        ),
        StoreError::Form { path, found, known } => {
            format!("`{}` har form {found}, den här versionen läser form {known}", path.display())
        }
        StoreError::Sql(source) => format!("databasen kunde inte: {source}"),
        StoreError::RecordedBefore { decision, recorded_on, last } => format!(
            "`{decision}` kan inte föras in {recorded_on}: den senaste revisionen fördes in {last}, och vad som var känt då ändras aldrig"
        ),
        StoreError::DecisionTwice { decision, revision } => format!(
            "beslutet `{decision}` finns redan i registret som revision {revision}; en ändring kräver ett nytt beslut"
        ),
        StoreError::BatchTwice { name, batch } => {
            format!("`{name}` har samma innehåll som leverans {batch}, som redan är importerad")
        }
        StoreError::Stale { expected, found } => format!(
            "den senaste avräkningen är nummer {found}, inte {expected}: någon har bokfört sedan förhandsvisningen; se på en ny"
        ),
        StoreError::SettlementTwice { id } => format!("avräkningen `{id}` är redan bokförd"),
        StoreError::Unbalanced { settlement, entry, sum } => {
            format!("verifikation {entry} i `{settlement}` går inte jämnt ut: {sum} öre")
        }
        StoreError::HashDiffers { path, expected, found } => format!(
            "`{}` är skadad: innehållet har kontrollsumman {found}, inte {expected}",
            path.display()
        ),
        StoreError::Key { path, what } => {
            format!("pseudonymernas nyckel `{}`: {what}", path.display())
        }
        StoreError::Damaged(what) => format!("det sparade är skadat: {what}"),
    };
    let en = match error {
        StoreError::NotThere { folder } => format!(
            "`{}` is no data folder; begin with vardkedja init, or name the right folder with --data",
            folder.display()
        ),
        other => other.to_string(),
    };
    Text::new(sv, en)
}

/// A bulk file that cannot be used.
pub(super) fn parquet(error: &ParquetError) -> Text {
    Text::new(format!("Parquetfilen går inte att använda: {error}"), error.to_string())
}
