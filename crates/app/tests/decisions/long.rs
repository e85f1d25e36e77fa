//! Texts as long as a book of one sentence, one line or one table: they are read and checked in time that grows with their length.
//!
//! Owns: the forms that a slow check would choke on. Does not own: what is told of them.
//!
//! Nothing is timed. At this length a check that looks at every amount for every amount would not end while anybody waits.

use kernel::paper::Paper;
use kernel::scrutiny::scrutinise;

const LENGTH: usize = 400_000;

/// A text of one piece after another.
fn long(head: &str, between: &str, piece: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    let mut at = 0;
    while text.len() < LENGTH {
        text.push_str(&piece(at));
        text.push_str(between);
        at += 1;
    }
    text
}

fn checked(text: &str) -> usize {
    scrutinise(&Paper::read(text)).len()
}

#[test]
fn sentences_said_again_and_again() {
    let paragraph = |text: &'static str| long("", "\n\n", move |_| text.to_owned());
    checked(&paragraph(
        "Av bidraget på 10 miljoner kronor går 4 miljoner kronor till Norra kliniken och 3 miljoner kronor till Södra kliniken. Resterande 3 miljoner kronor avsätts.",
    ));
    checked(&paragraph(
        "Tio mottagningar får 50 000 kronor per mottagning. Kostnaden blir 510 000 kronor.",
    ));
    checked(&paragraph(
        "Direktören får rätt att besluta om högst 5 miljoner kronor. 8 miljoner kronor fördelas av direktören.",
    ));
    checked(&paragraph(
        "att bevilja X 100 kronor samt att kostnaden, tillsammans 300 kronor, belastar kontot",
    ));
    checked(&long("2025-06-17\n\n", "\n\n", |at| {
        let day = at % 28 + 1;
        format!(
            "Beloppet utbetalas senast den {day} mars till och med den {day} maj 2025 enligt HSN 2024-{}.",
            1_000 + at
        )
    }));
}

#[test]
fn one_paragraph_without_an_end() {
    checked(&long("", " ", |at| {
        format!(
            "Norra kliniken tilldelas {} kronor för utbildning, totalt {} kronor.",
            1_000_000 + at * 7,
            2_000_000 + at * 3
        )
    }));
    checked(&long("", " ", |at| {
        format!("Intäkten är {} kronor. Därmed återstår {} kronor.", 1_000 + at, 101 + at)
    }));
    checked(&long("", " ", |_| {
        "Vi får 10 miljoner kronor i två delar. Därutöver 5 kronor. Totalt blir det 20 kronor. Av dessa går 3 kronor till A och 4 kronor till B.".to_owned()
    }));
    checked(&long("", " ", |at| {
        format!(
            "Till verksamheten går 7,2 miljoner kronor och sedan {} kronor.",
            7_150_001 + at * 3
        )
    }));
}

#[test]
fn one_line_of_fractions_and_amounts() {
    checked(&long("", "; ", |_| "en tredjedel av 10 kronor".to_owned()));
    checked(&long("", "  ", |_| "en tredjedel, 10 kronor, två sjättedelar".to_owned()));
    checked(&long("", " ", |at| format!("{at} kr")));
    checked(&long("", " ", |at| format!("{} procent", at % 100)));
}

#[test]
fn tables_and_lists_without_an_end() {
    let head = "Post            Belopp (kr)\nA   100\nB   200\n";
    assert_eq!(checked(&long(head, "\n", |_| "Summa   300".to_owned())), 0);
    checked(&long(head, "\n", |_| "A   100\nSumma norra   100".to_owned()));
    checked(&long(head, "\n", |at| format!("Klinik {at}   {}", 1_000 + at % 977)));
    checked(&long("", "\n\n", |at| {
        format!(
            "Enligt bilaga 1 får mottagningen 1 234 500 kronor.\n\nBilaga 1\n\nMottagare   Belopp (kr)\nKlinik{at}   1 234 600\nAnnan{at}   2 000 000\n"
        )
    }));
    checked(&long("Post   2027 (kr)   2028 (kr)\n", "\n", |at| {
        format!("Klinik {at}   {}   {}", 1_000 + at % 977, 2_000 + at % 977)
    }));
    let rows: String =
        (0..4_000).fold(String::new(), |rows, at| format!("{rows}Klinik {at}   {at}   {at}\n"));
    let head = format!("Post   2027 (kr)   2028 (kr)\n{rows}\n");
    checked(&long(&head, " ", |at| {
        format!("2027 och 2028 svarar tillsammans för {} kronor.", 10_000 + at)
    }));
    checked(&long("", "\n", |_| "a) 5 miljoner kronor till X".to_owned()));
    checked(&long("", "\n", |_| "5) 5 miljoner kronor till X".to_owned()));
    checked(&long("1. Ett\n\nText.\n\n2. Två\n\nText. 5 kronor\n\n", "\n\n", |_| {
        "Text om 5 kronor till Kliniken.".to_owned()
    }));
}
