//! Charts: where the marks of a figure stand.
//!
//! Owns: measures of charts. Does not own: their numbers and axis (`figure`), or the table under them (`table`).
//!
//! A chart is one figure to those who do not see it, with one text; its numbers follow as a table.

use super::{BOTTOM, Layout, Mark, Piece, ROOM, Role, SIDE, TEXT, TOP, leading};
use crate::pdf::Language;
use crate::pdf::figure::{Axis, Figure, Shape, Value};
use crate::pdf::font::{Fonts, Style};

const SMALL: Style = Style { size: 8.0, is_strong: false };
/// Height of a line chart between its axes.
const PLOT: f32 = 150.0;
/// Space between marks and what is written beside them.
const PAD: f32 = 5.0;
/// What a bar takes of its row.
const BAR: f32 = 0.62;
/// How levels are told from each other.
const DASHES: [&[f32]; 4] = [&[5.0, 2.5], &[1.5, 2.0], &[7.0, 2.0, 1.5, 2.0], &[2.5, 2.5]];

/// A chart as it grows: marks from its upper edge, and how far down they reach.
struct Chart<'f> {
    fonts: &'f Fonts,
    figure: &'f Figure,
    lang: Language,
    axis: Axis,
    marks: Vec<Mark>,
    height: f32,
}

/// Where numbers and rows lie between the axes.
struct Plot {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl Layout<'_> {
    pub(super) fn figure(&mut self, figure: &Figure, lang: Language) {
        let fonts = self.fonts;
        let (marks, height) = Chart::of(fonts, figure, lang);
        let strong = Style { is_strong: true, ..TEXT };
        let caption = fonts.shown(&figure.caption);
        let lines = fonts.lines(&caption, strong, ROOM).len() as f32;
        self.space(6.0);
        self.reserve((height + lines * leading(strong)).min(BOTTOM - TOP));
        if !caption.trim().is_empty() {
            let node = self.node(Role::Paragraph, 0);
            self.flow(SIDE, ROOM, strong, &caption, node);
        }
        let said = [fonts.shown(&figure.alt), caption, fonts.shown(&figure.value_head)];
        let alt = said.into_iter().find(|text| !text.trim().is_empty());
        let alt = alt.unwrap_or_else(|| "Diagram".to_owned());
        let (page, y) = (self.laid.pages.len() - 1, self.y);
        let node = self.node(Role::Figure { alt, page, y, height }, 0);
        self.put(Piece::Chart { y, marks, node });
        self.y += height;
        self.table(&figure.table(lang));
    }
}

impl<'f> Chart<'f> {
    fn of(fonts: &'f Fonts, figure: &'f Figure, lang: Language) -> (Vec<Mark>, f32) {
        let axis = figure.axis();
        let mut chart = Self { fonts, figure, lang, axis, marks: Vec::new(), height: 4.0 };
        let head = fonts.shown(&figure.value_head);
        chart.text(SIDE, &first_line(fonts, &head, ROOM));
        chart.height += leading(SMALL) + 6.0;
        match figure.shape {
            Shape::Line => chart.line_chart(),
            Shape::Bars => chart.bar_chart(),
        }
        chart.legend();
        (chart.marks, chart.height + 4.0)
    }

    fn line_chart(&mut self) {
        let (fonts, figure, axis) = (self.fonts, self.figure, self.axis);
        let numbers: Vec<String> = axis.lines().map(|it| figure.shown(it, self.lang)).collect();
        let left = SIDE + widest(fonts, &numbers) + PAD;
        let (top, bottom) = (self.height, self.height + PLOT);
        let plot = Plot { left, right: SIDE + ROOM, top, bottom };
        for (at, number) in axis.lines().zip(&numbers) {
            let y = plot.y(axis.share(at));
            self.rule([(plot.left, y), (plot.right, y)], if at == 0 { 0 } else { 200 });
            self.text_at(plot.left - PAD - fonts.width(number, SMALL), y + 2.8, number);
        }
        let slot = (plot.right - plot.left) / figure.points.len().max(1) as f32;
        let x = |at: usize| plot.left + slot * (at as f32 + 0.5);
        let mut part = Vec::new();
        for (at, point) in figure.points.iter().enumerate() {
            let Value::Number(value, interval) = &point.value else {
                self.line(std::mem::take(&mut part), 1.4, 0, &[]);
                continue;
            };
            let place = (x(at), plot.y(axis.share(*value)));
            if let Some((low, high)) = interval {
                self.whisker([*low, *high].map(|end| (place.0, plot.y(axis.share(end)))));
            }
            let half = 2.2_f32.min(slot / 3.0);
            let (x, y, width) = (place.0 - half, place.1 - half, 2.0 * half);
            self.marks.push(Mark::Box { x, y, width, height: width, grey: 0 });
            part.push(place);
        }
        self.line(part, 1.4, 0, &[]);
        for (number, level) in figure.levels.iter().enumerate() {
            let y = plot.y(axis.share(level.value));
            self.line(vec![(plot.left, y), (plot.right, y)], 1.0, 0, dash(number));
        }
        self.height = bottom + PAD;
        self.labels_below(slot, x);
    }

    /// The labels of points under them, as many as there is room for.
    fn labels_below(&mut self, slot: f32, x: impl Fn(usize) -> f32) {
        let labels: Vec<String> =
            self.figure.points.iter().map(|point| self.fonts.shown(&point.label)).collect();
        let wanted = widest(self.fonts, &labels).min(80.0) + 6.0;
        let each = (wanted / slot).ceil().max(1.0);
        let (mut rows, room) = (0, slot * each - 6.0);
        for (at, label) in labels.iter().enumerate().step_by(each as usize) {
            let lines = self.fonts.lines(label, SMALL, room.max(20.0));
            for (number, line) in lines.iter().take(2).enumerate() {
                let half = self.fonts.width(line.trim_end(), SMALL) / 2.0;
                let x = (x(at) - half).min(SIDE + ROOM - 2.0 * half).max(SIDE);
                let y = self.height + number as f32 * leading(SMALL) + SMALL.size;
                self.text_at(x, y, line);
                rows = rows.max(number + 1);
            }
        }
        self.height += rows as f32 * leading(SMALL);
    }

    fn bar_chart(&mut self) {
        let (fonts, figure, axis) = (self.fonts, self.figure, self.axis);
        let labels: Vec<String> =
            figure.points.iter().map(|point| fonts.shown(&point.label)).collect();
        let beside = widest(fonts, &labels).min(ROOM * 0.35);
        let numbers: Vec<String> =
            figure.points.iter().map(|point| self.said(&point.value)).collect();
        let after = widest(fonts, &numbers).min(ROOM * 0.25) + 2.0 * PAD;
        let least = (BOTTOM - TOP - 120.0) / labels.len().max(1) as f32;
        let row = (leading(SMALL) + 5.0).min(least);
        let (left, top) = (SIDE + beside + PAD, self.height);
        let bottom = top + row * labels.len() as f32 + 2.0;
        let plot = Plot { left, right: SIDE + ROOM - after, top, bottom };
        for at in axis.lines() {
            let (x, number) = (plot.x(axis.share(at)), figure.shown(at, self.lang));
            self.rule([(x, plot.top), (x, plot.bottom)], if at == 0 { 0 } else { 200 });
            let half = fonts.width(&number, SMALL) / 2.0;
            self.text_at(x - half, plot.bottom + 2.0 + SMALL.size, &number);
        }
        // Where rows are lower than a line of text, not every one of them is named.
        let each = (SMALL.size / row).ceil().max(1.0) as usize;
        for (at, point) in figure.points.iter().enumerate() {
            let middle = top + row * (at as f32 + 0.5);
            if let Value::Number(value, interval) = &point.value {
                let (zero, x) = (plot.x(axis.share(0)), plot.x(axis.share(*value)));
                let (width, height) = ((x - zero).abs(), row * BAR);
                let y = middle - height / 2.0;
                self.marks.push(Mark::Box { x: x.min(zero), y, width, height, grey: 165 });
                if let Some((low, high)) = interval {
                    self.whisker([*low, *high].map(|it| (plot.x(axis.share(it)), middle)));
                }
            }
            if at % each == 0 {
                let label = first_line(fonts, &labels[at], beside + 1.0);
                self.text_at(plot.left - PAD - fonts.width(&label, SMALL), middle + 2.8, &label);
                let said = first_line(fonts, &numbers[at], after - 2.0 * PAD + 1.0);
                self.text_at(SIDE + ROOM - fonts.width(&said, SMALL), middle + 2.8, &said);
            }
        }
        for (number, level) in figure.levels.iter().enumerate() {
            let x = plot.x(axis.share(level.value));
            self.line(vec![(x, plot.top), (x, plot.bottom)], 1.0, 0, dash(number));
        }
        self.height = plot.bottom + 2.0 + leading(SMALL);
    }

    /// Which dashes are which level.
    fn legend(&mut self) {
        const SAMPLE: f32 = 26.0;
        if self.figure.levels.is_empty() {
            return;
        }
        let (mut x, room) = (SIDE, ROOM - SAMPLE - PAD);
        self.height += 4.0;
        for (number, level) in self.figure.levels.iter().enumerate() {
            let text = format!("{} {}", level.label, self.figure.shown(level.value, self.lang));
            let text = first_line(self.fonts, &self.fonts.shown(&text), room);
            let width = SAMPLE + PAD + self.fonts.width(&text, SMALL) + 14.0;
            if x > SIDE && x + width > SIDE + ROOM + 14.0 {
                x = SIDE;
                self.height += leading(SMALL);
            }
            let y = self.height + SMALL.size - 2.8;
            self.line(vec![(x, y), (x + SAMPLE, y)], 1.0, 0, dash(number));
            self.text(x + SAMPLE + PAD, &text);
            x += width;
        }
        self.height += leading(SMALL);
    }

    fn said(&self, value: &Value) -> String {
        match value {
            Value::Number(number, _) => self.figure.shown(*number, self.lang),
            Value::Missing(why) => self.fonts.shown(why),
        }
    }

    /// How far a number could lie to each side: a thin line with an end at each end.
    fn whisker(&mut self, [one, other]: [(f32, f32); 2]) {
        self.line(vec![one, other], 0.8, 70, &[]);
        let across = if one.0 == other.0 { (2.5, 0.0) } else { (0.0, 2.5) };
        for (x, y) in [one, other] {
            let (dx, dy) = across;
            self.line(vec![(x - dx, y - dy), (x + dx, y + dy)], 0.8, 70, &[]);
        }
    }

    fn rule(&mut self, ends: [(f32, f32); 2], grey: u8) {
        self.line(ends.to_vec(), 0.5, grey, &[]);
    }

    fn line(&mut self, points: Vec<(f32, f32)>, weight: f32, grey: u8, dash: &'static [f32]) {
        if points.len() > 1 {
            self.marks.push(Mark::Line { points, weight, grey, dash });
        }
    }

    /// A text whose upper edge is where the chart reaches to.
    fn text(&mut self, x: f32, text: &str) {
        self.text_at(x, self.height + SMALL.size, text);
    }

    fn text_at(&mut self, x: f32, y: f32, text: &str) {
        if !text.trim().is_empty() {
            let text = text.trim_end().to_owned();
            self.marks.push(Mark::Text { x, y, style: SMALL, text });
        }
    }
}

impl Plot {
    fn x(&self, share: f32) -> f32 {
        self.left + (self.right - self.left) * share
    }

    /// Upwards.
    fn y(&self, share: f32) -> f32 {
        self.bottom - (self.bottom - self.top) * share
    }
}

fn dash(number: usize) -> &'static [f32] {
    DASHES[number % DASHES.len()]
}

fn widest(fonts: &Fonts, texts: &[String]) -> f32 {
    texts.iter().map(|text| fonts.width(text, SMALL)).fold(0.0, f32::max)
}

/// What of a text has room on a line; the table has the whole.
fn first_line(fonts: &Fonts, text: &str, room: f32) -> String {
    let mut lines = fonts.lines(text, SMALL, room);
    if lines.len() < 2 {
        return text.to_owned();
    }
    let mut line = lines.swap_remove(0).trim_end().to_owned();
    while !line.is_empty() && fonts.width(&format!("{line}…"), SMALL) > room {
        line.pop();
    }
    line + "…"
}
