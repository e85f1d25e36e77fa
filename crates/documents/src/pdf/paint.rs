//! The file: pages drawn, the tree of tags, the outline and what a reader is told of the document.

use super::font::{Fonts, Style};
use super::layout::{Entry, Laid, Mark, Node, PAGE, Piece, Place, ROOM, Role, SIDE, title};
use super::{Document, Language, failed};
use crate::refusal::Refusal;
use krilla::color::luma;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, BBox, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope,
    Tag, TagGroup, TagKind, TagTree,
};
use krilla::{Document as File, SerializeSettings};
use std::num::NonZeroU16;

/// The bytes of a document that is laid out.
pub(super) fn file(document: &Document, fonts: &Fonts, laid: Laid) -> Result<Vec<u8>, Refusal> {
    let lang = match document.lang {
        Language::Sv => "sv-SE",
        Language::En => "en-GB",
    };
    let configuration =
        ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| failed(format!("{error:?}")))?;
    let mut file =
        File::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    file.set_metadata(
        Metadata::new()
            .title(title(document, fonts))
            .language(lang.to_owned())
            .creator("Vårdkedja".to_owned()),
    );
    let mut leaves: Vec<Vec<Identifier>> = laid.nodes.iter().map(|_| Vec::new()).collect();
    for pieces in &laid.pages {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| failed("page"))?;
        let mut page = file.start_page_with(settings);
        let mut surface = page.surface();
        for piece in pieces {
            let leaf = draw(&mut surface, fonts, piece);
            if let Some((node, leaf)) = leaf {
                leaves[node].push(leaf);
            }
        }
        surface.finish();
        page.finish();
    }
    file.set_outline(outline(&laid.entries));
    file.set_tag_tree(tree(&laid.nodes, leaves).with_lang(Some(lang.to_owned())));
    file.finish().map_err(|error| failed(format!("{error:?}")))
}

/// Draws a piece; gives the part of the structure that it belongs to, if any.
fn draw(surface: &mut Surface<'_>, fonts: &Fonts, piece: &Piece) -> Option<(usize, Identifier)> {
    match piece {
        Piece::Text { x, y, style, text, place } => {
            let (tag, node) = match place {
                Place::Node(node) => (ContentTag::Span(SpanTag::empty()), Some(*node)),
                Place::Header => (artifact(ArtifactType::Header), None),
                Place::Footer => (artifact(ArtifactType::Footer), None),
                Place::Decoration => (artifact(ArtifactType::PaginationOther), None),
            };
            let leaf = surface.start_tagged(tag);
            glyphs(surface, fonts, Point::from_xy(*x, *y), *style, text);
            surface.end_tagged();
            node.map(|node| (node, leaf))
        }
        Piece::Rule { x, y, width, weight, grey } => {
            fill(surface, rectangle(*x, y - weight / 2.0, *width, *weight), *grey);
            None
        }
        Piece::Shade { x, y, width, height } => {
            fill(surface, rectangle(*x, *y, *width, *height), 230);
            None
        }
        Piece::Chart { y, marks, node } => {
            let leaf = surface.start_tagged(ContentTag::Other);
            marks.iter().for_each(|mark| draw_mark(surface, fonts, *y, mark));
            surface.end_tagged();
            Some((*node, leaf))
        }
    }
}

/// Draws a mark of a chart whose upper edge is at `top`.
fn draw_mark(surface: &mut Surface<'_>, fonts: &Fonts, top: f32, mark: &Mark) {
    match mark {
        Mark::Text { x, y, style, text } => {
            glyphs(surface, fonts, Point::from_xy(*x, top + y), *style, text);
        }
        Mark::Line { points, weight, grey: lightness, dash } => {
            let Some(path) = line(points, top) else { return };
            let dash = StrokeDash { array: dash.to_vec(), offset: 0.0 };
            let dash = Some(dash).filter(|dash| !dash.array.is_empty());
            let paint = luma::Color::new(*lightness).into();
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint, width: *weight, dash, ..Stroke::default() }));
            surface.draw_path(&path);
            surface.set_stroke(None);
        }
        Mark::Box { x, y, width, height, grey: lightness } => {
            let Some(path) = rectangle(*x, top + y, *width, *height) else { return };
            surface.set_fill(Some(grey(*lightness)));
            surface.draw_path(&path);
        }
    }
}

fn line(points: &[(f32, f32)], top: f32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for (at, (x, y)) in points.iter().enumerate() {
        if at == 0 { builder.move_to(*x, top + y) } else { builder.line_to(*x, top + y) }
    }
    builder.finish()
}

fn glyphs(surface: &mut Surface<'_>, fonts: &Fonts, start: Point, style: Style, text: &str) {
    let face = fonts.face(style);
    surface.set_fill(Some(grey(0)));
    surface.draw_glyphs(start, &face.glyphs(text), face.font.clone(), text, style.size, false);
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn grey(lightness: u8) -> Fill {
    let (opacity, rule) = (NormalizedF32::ONE, FillRule::default());
    Fill { paint: luma::Color::new(lightness).into(), opacity, rule }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.push_rect(Rect::from_xywh(x, y, width, height)?);
    builder.finish()
}

fn fill(surface: &mut Surface<'_>, path: Option<Path>, lightness: u8) {
    let Some(path) = path else { return };
    surface.start_tagged(artifact(ArtifactType::Layout));
    surface.set_fill(Some(grey(lightness)));
    surface.draw_path(&path);
    surface.end_tagged();
}

fn outline(entries: &[Entry]) -> Outline {
    let mut outline = Outline::new();
    for Entry { text, page, y } in entries {
        let place = XyzDestination::new(*page, Point::from_xy(0.0, *y));
        outline.push_child(OutlineNode::new(text.clone(), place));
    }
    outline
}

/// The tree, from its last part to its first, since children come after their parents.
fn tree(nodes: &[Node], leaves: Vec<Vec<Identifier>>) -> TagTree {
    let mut children: Vec<Vec<TagGroup>> = nodes.iter().map(|_| Vec::new()).collect();
    for ((number, node), leaves) in nodes.iter().enumerate().zip(leaves).skip(1).rev() {
        let mut group = TagGroup::new(tag(&node.role));
        leaves.into_iter().for_each(|leaf| group.push(leaf));
        std::mem::take(&mut children[number]).into_iter().rev().for_each(|child| group.push(child));
        children[node.parent].push(group);
    }
    let mut tree = TagTree::new();
    children.swap_remove(0).into_iter().rev().for_each(|child| tree.push(child));
    tree
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading(level, title) => {
            let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(title.clone())).into()
        }
        Role::Root | Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::None).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::Caption => Tag::Caption.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Sums => Tag::TFoot.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Role::SumCell => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure { alt, page, y, height } => {
            let place = Rect::from_xywh(SIDE, *y, ROOM, *height);
            Tag::Figure(Some(alt.clone())).with_bbox(place.map(|it| BBox::new(*page, it))).into()
        }
    }
}
