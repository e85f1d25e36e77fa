//! Errors of files and databases in Swedish; their own texts are the English.

use crate::ratebook::ReadError;
use bulk::ParquetError;
use bulk::contact_file::{FileError, shortened};
use kernel::finding::Text;
use kernel::intake::HeaderFault;
use std::io;
use store::{KeyFault, StoreError};

/// What the operating system says.
pub(super) fn io(error: &io::Error) -> Text {
    Text::new(of_file(error), error.to_string())
}

/// What the operating system says of a file, in Swedish where somebody can do something about it.
pub(super) fn of_file(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let known = match error.kind() {
        Kind::NotFound => "filen eller mappen finns inte",
        Kind::PermissionDenied => "behörighet saknas",
        Kind::AlreadyExists => "det finns redan",
        Kind::IsADirectory => "det är en mapp",
        Kind::NotADirectory => "något i sökvägen är en fil och ingen mapp",
        Kind::ReadOnlyFilesystem => "det går bara att läsa där",
        Kind::StorageFull => "disken är full",
        _ => return error.to_string(),
    };
    known.to_owned()
}

/// A contact file that is refused.
pub(super) fn contact_file(error: &FileError) -> Text {
    let sv = match error {
        FileError::Io { file, source } => {
            format!("`{file}` går inte att läsa: {}", of_file(source))
        }
        FileError::Damaged { file, kind, what } => format!(
            "`{file}` är skadad eller avklippt, läst som {}: {what}; skicka filen igen",
            kind.name()
        ),
        FileError::Swells { file, limit_mb } => format!(
            "`{file}` packas upp till mer än {limit_mb} MB, vilket ingen kontaktfil av den storleken gör; inget är läst"
        ),
        FileError::OtherForm { file, what } => {
            format!("`{file}` är {}; spara den som xlsx, CSV eller Parquet", other_form(what))
        }
        FileError::NotContacts { file } => {
            format!("`{file}` är ingen kontaktfil: varken text med rubrikrad, Excel eller Parquet")
        }
        FileError::NoHeader { file } => {
            format!("`{file}` är tom; första raden ska ha kolumnernas namn")
        }
        FileError::Header { file, sheet, line, fault } => {
            format!("`{file}` {}: {}", place(sheet.as_deref(), *line), header(fault))
        }
        FileError::UnclosedQuote { file, line } => format!(
            "`{file}` rad {line}: ett citattecken öppnas men stängs inte där fältet slutar; resten av filen kan inte läsas säkert"
        ),
        FileError::LineTooLong { file, line, limit_kb } => format!(
            "`{file}` rad {line} är längre än {limit_kb} kB, vilket ingen rad med en kontakt är; inget är läst"
        ),
        FileError::ColumnType { file, column, found } => format!(
            "`{file}`: kolumnen `{column}` är {}; skriv den som text, datum, heltal eller sant/falskt, och listor som text med mellanslag emellan",
            other_form(found)
        ),
    };
    Text::new(sv, error.to_string())
}

/// What `bulk` names in English.
fn other_form(what: &str) -> &str {
    match what {
        "an old or password-protected Excel file (xls)" => {
            "en gammal eller lösenordsskyddad Excelfil (xls)"
        }
        "a PDF" => "en PDF",
        "an OpenDocument sheet (ods)" => "ett kalkylblad i OpenDocument (ods)",
        "packed more than once" => "packad mer än en gång",
        "a list or a structure" => "en lista eller en struktur",
        "a time of day" => "ett klockslag",
        "a decimal number" => "ett decimaltal",
        "bytes of a fixed length" => "bytes av fast längd",
        other => other,
    }
}

fn place(sheet: Option<&str>, line: u64) -> String {
    match (sheet, line) {
        (Some(sheet), line) => format!("blad `{sheet}` rad {line}"),
        (None, 0) => "kolumnerna".to_owned(),
        (None, line) => format!("rad {line}"),
    }
}

fn header(fault: &HeaderFault) -> String {
    match fault {
        HeaderFault::Unknown(name, _) if name.is_empty() => {
            "en kolumn saknar namn; ta bort skiljetecknet som är för mycket".to_owned()
        }
        HeaderFault::Unknown(name, _) if name.starts_with(|c: char| c.is_ascii_digit()) => {
            "det är ingen rubrikrad; den ska ha kolumnernas namn".to_owned()
        }
        HeaderFault::Unknown(name, near) => {
            format!(
                "okänd kolumn `{}`; närmast är `{near}`. Alla kolumner: vardkedja schema contacts",
                shortened(name)
            )
        }
        HeaderFault::Twice(one, other) if one == other => {
            format!("kolumnen `{one}` står två gånger")
        }
        HeaderFault::Twice(one, other) => format!("`{one}` och `{other}` är samma kolumn"),
        HeaderFault::Missing(column) => format!("kolumnen `{column}` saknas men måste finnas"),
    }
}

/// Ratebooks that cannot be read at all.
pub(super) fn ratebook(error: &ReadError) -> Text {
    let sv = match error {
        ReadError::Io { path, source } => {
            format!("`{}` går inte att läsa: {}", path.display(), of_file(source))
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
            format!("`{}` går inte att använda: {}", path.display(), of_file(source))
        }
        StoreError::AlreadyThere { folder } => format!(
            "`{}` har redan data; välj en annan mapp eller använd den som den är",
            folder.display()
        ),
        StoreError::NotThere { folder } => format!(
            "`{}` är ingen datamapp; börja med vardkedja init, eller ange rätt mapp med --data",
            folder.display()
        ),
        StoreError::Form { database, found, known } => {
            format!("`{database}` har form {found}, den här versionen läser form {known}")
        }
        StoreError::Address { what } => format!(
            "databasens adress går inte att använda: {}; skriv postgres://användare@värd:5432/namn",
            what.sv
        ),
        StoreError::Unencrypted { host } => format!(
            "`{host}` är en annan maskin, och det som skickas dit krypteras inte; använd en tunnel, eller lägg till `?sslmode=disable` om nätet är betrott"
        ),
        StoreError::Unreachable { database, source } => {
            format!("databasen `{database}` går inte att öppna: {source}")
        }
        StoreError::Elsewhere { folder, database } => format!(
            "raderna i `{}` ligger i databasen `{database}`; ange den med --database",
            folder.display()
        ),
        StoreError::InFolder { folder, database } => format!(
            "raderna i `{}` ligger i mappen själv, inte i databasen `{database}`; utelämna --database",
            folder.display()
        ),
        StoreError::Unfinished { folder } => format!(
            "`{}` är en kopia som bröts av mitt i; kör samma backup eller restore igen för att få den hel",
            folder.display()
        ),
        StoreError::OtherFolder { folder, database } => format!(
            "databasen `{database}` hör inte till datamappen `{}`; bröts en återläsning av, kör den igen med samma --data, välj annars en tom databas",
            folder.display()
        ),
        StoreError::Busy => {
            "ett annat program har länge skrivit i databasen; försök igen".to_owned()
        }
        StoreError::Full(what) => format!("det finns inte mer plats där data ligger: {what}"),
        StoreError::ReadOnly(what) => format!("databasen går inte att skriva i: {what}"),
        StoreError::Sql(source) => format!("databasen kunde inte: {source}"),
        StoreError::RecordedBefore { decision, recorded_on, last } => format!(
            "`{decision}` kan inte föras in {recorded_on}: den senaste revisionen fördes in {last}, och vad som var känt då ändras aldrig"
        ),
        StoreError::DecisionTwice { decision, revision } => format!(
            "beslutet `{decision}` finns redan i registret som revision {revision}; en ändring kräver ett nytt beslut"
        ),
        StoreError::ProposalEnded { seq } => {
            format!("förslag {seq} är redan godkänt, avslaget eller återtaget")
        }
        StoreError::BatchTwice { name, batch } => {
            format!("`{name}` har samma innehåll som leverans {batch}, som redan är importerad")
        }
        StoreError::Stale { expected, found } => format!(
            "någon annan hann före med åtgärd {found} i boken (den här utgick från åtgärd {expected}); `books log` visar den, försök sedan igen"
        ),
        StoreError::SettlementTwice { id } => format!("avräkningen `{id}` är redan bokförd"),
        StoreError::Unbalanced { subject, entry, sum } => {
            format!("verifikation {entry} i `{subject}` går inte jämnt ut: {sum} öre")
        }
        StoreError::HashDiffers { path, expected, found } => format!(
            "`{}` är skadad: innehållet har kontrollsumman {found}, inte {expected}",
            path.display()
        ),
        StoreError::Key { path, what } => {
            format!("pseudonymernas nyckel `{}`: {}", path.display(), key(what))
        }
        StoreError::CompartmentKey { path, what } => {
            format!(
                "fackets nyckel `{}` går inte att använda: {}",
                path.display(),
                compartment_key(what)
            )
        }
        StoreError::NoCompartment { folder } => format!(
            "`{}` är inget fack för vårdkedjan; ange rätt klinik med --clinic, eller börja med vardkedja chain begin",
            folder.display()
        ),
        StoreError::CompartmentStale { expected, found } => format!(
            "någon annan skrev i facket under tiden (rad {found}, den här utgick från {expected}); titta igen och försök på nytt"
        ),
        StoreError::Damaged(what) => format!("det sparade är skadat: {}", what.sv),
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

fn key(what: &KeyFault) -> String {
    match what {
        KeyFault::Missing => {
            "den saknas, fast det finns pseudonymer; hämta tillbaka den från dess säkra kopia".to_owned()
        }
        KeyFault::Length(bytes) => format!("den har {bytes} byte, inte 32"),
        KeyFault::OpenToOthers(mode) => {
            format!("andra kan läsa den (rättigheter {mode:03o}); kör chmod 600 på den")
        }
        KeyFault::Other => {
            "det är inte den nyckel som pseudonymerna förseglades med; hämta tillbaka den rätta från dess säkra kopia".to_owned()
        }
    }
}

fn compartment_key(what: &KeyFault) -> String {
    match what {
        KeyFault::Missing => "filen finns inte; ange nyckeln med --key".to_owned(),
        KeyFault::Other => "facket förseglades med en annan".to_owned(),
        KeyFault::Length(_) | KeyFault::OpenToOthers(_) => key(what),
    }
}

/// A bulk file that cannot be used.
pub(super) fn parquet(error: &ParquetError) -> Text {
    Text::new(format!("Parquetfilen går inte att använda: {error}"), error.to_string())
}
