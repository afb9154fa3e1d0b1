//! Rows of fields out of chunks of text.

use super::number::is_space;
use std::ops::Range;

/// The characters that have a meaning of their own.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// Stands between fields; `None` is any white space.
    pub delimiter: Option<char>,
    /// Begins a comment, which ends with the line.
    pub comment: Option<char>,
    /// Stands round fields in which the others mean nothing.
    pub quote: Option<char>,
}

/// Where text comes from.
pub trait Source {
    /// What may go wrong there.
    type Error;
    /// The next piece of text; `None` at the end. An empty piece is no end.
    fn next_chunk(&mut self) -> Result<Option<String>, Self::Error>;
}

/// What is wrong with a text, besides what its source reports.
#[derive(Debug, PartialEq)]
pub enum Problem<E> {
    /// A line given as one piece has a line break inside.
    EmbeddedNewline,
    /// The source failed.
    Source(E),
}

/// What a call of [`Rows::next_row`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Fields.
    Fields,
    /// A line without any.
    Empty,
    /// The end of the text.
    End,
}

/// A line in the buffer: its text, and where the next one begins.
struct Line {
    text: Range<usize>,
    next: usize,
}

/// Cuts text into rows.
pub struct Rows<S> {
    source: S,
    dialect: Dialect,
    /// Each piece of the source is a line of its own.
    by_line: bool,
    buffer: String,
    at: usize,
    ended: bool,
    lines: usize,
    row: String,
    fields: Vec<Range<usize>>,
}

/// Text before the current line that is worth moving the rest for.
const MOVE_FROM: usize = 1 << 16;

impl<S: Source> Rows<S> {
    /// Over a source of pieces, each a line of its own if `by_line`.
    pub fn new(source: S, dialect: Dialect, by_line: bool) -> Rows<S> {
        Rows {
            source,
            dialect,
            by_line,
            buffer: String::new(),
            at: 0,
            ended: false,
            lines: 0,
            row: String::new(),
            fields: Vec::new(),
        }
    }

    /// Number of lines read so far.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// Fields of the row read last.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether the row read last has no fields.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// A field of the row read last.
    #[inline]
    pub fn field(&self, i: usize) -> &str {
        &self.row[self.fields[i].clone()]
    }

    /// Passes over lines.
    ///
    /// # Errors
    /// What the source reports.
    pub fn skip(&mut self, lines: usize) -> Result<(), Problem<S::Error>> {
        for _ in 0..lines {
            match self.next_line()? {
                Some(line) => self.at = line.next,
                None => break,
            }
        }
        Ok(())
    }

    /// Reads a row.
    ///
    /// # Errors
    /// [`Problem::EmbeddedNewline`], and what the source reports.
    pub fn next_row(&mut self) -> Result<Row, Problem<S::Error>> {
        self.row.clear();
        self.fields.clear();
        let Some(line) = self.next_line()? else {
            return Ok(Row::End);
        };
        self.at = line.next;
        let quoted = self
            .dialect
            .quote
            .is_some_and(|q| self.buffer[line.text.clone()].contains(q));
        if quoted {
            self.cut_quoted(line)?;
        } else {
            self.cut_plain(line.text)?;
        }
        Ok(if self.fields.is_empty() {
            Row::Empty
        } else {
            Row::Fields
        })
    }

    /// The next line, whole in the buffer.
    fn next_line(&mut self) -> Result<Option<Line>, Problem<S::Error>> {
        if self.at > MOVE_FROM {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let mut from = self.at;
        loop {
            let bytes = self.buffer.as_bytes();
            let found = bytes[from..]
                .iter()
                .position(|b| matches!(b, b'\n' | b'\r'));
            if let Some(end) = found.map(|i| from + i).filter(|_| !self.by_line) {
                // A carriage return at the end of the buffer may be half of a line break.
                let half = bytes[end] == b'\r' && end + 1 == bytes.len();
                if !half || self.ended {
                    let pair = bytes[end..].starts_with(b"\r\n");
                    let next = end + 1 + usize::from(pair);
                    return Ok(Some(self.line(self.at..end, next)));
                }
                from = end;
            } else if self.at < bytes.len() && (self.by_line || self.ended) {
                let next = bytes.len();
                let text = self.buffer[self.at..].trim_end_matches(['\r', '\n']);
                let end = match (next - self.at) - text.len() {
                    n if self.by_line && n > 2 => next - 1,
                    _ => self.at + text.len(),
                };
                return Ok(Some(self.line(self.at..end, next)));
            } else {
                from = bytes.len().max(self.at);
            }
            if self.ended {
                return Ok(None);
            }
            match self.source.next_chunk().map_err(Problem::Source)? {
                Some(chunk) if self.by_line && chunk.is_empty() => {
                    return Ok(Some(self.line(self.at..self.at, self.at)));
                }
                Some(chunk) => self.buffer.push_str(&chunk),
                None => self.ended = true,
            }
        }
    }

    fn line(&mut self, text: Range<usize>, next: usize) -> Line {
        self.lines += 1;
        Line { text, next }
    }

    fn push(&mut self, text: Range<usize>) {
        let start = self.row.len();
        self.row.push_str(&self.buffer[text]);
        self.fields.push(start..self.row.len());
    }

    fn cut_plain(&mut self, text: Range<usize>) -> Result<(), Problem<S::Error>> {
        let line = &self.buffer[text.clone()];
        let end = self.dialect.comment.and_then(|c| line.find(c));
        let line = &line[..end.unwrap_or(line.len())];
        if self.by_line && line.contains(['\n', '\r']) {
            return Err(Problem::EmbeddedNewline);
        }
        if line.is_empty() {
            return Ok(());
        }
        let stop = text.start + line.len();
        let delimiter = self.dialect.delimiter;
        let mut at = text.start;
        loop {
            let rest = &self.buffer[at..stop];
            let (next, gap) = match delimiter {
                Some(d) => (rest.find(d), d.len_utf8()),
                None => {
                    let start = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
                    at += start;
                    let rest = &rest[start..];
                    if rest.is_empty() {
                        return Ok(());
                    }
                    (rest.find(is_space), 0)
                }
            };
            match next {
                Some(n) => {
                    self.push(at..at + n);
                    at += n + gap;
                }
                None => {
                    self.push(at..stop);
                    return Ok(());
                }
            }
        }
    }

    /// Cuts a line with quotes, reading on where a quoted field is still open at its end.
    fn cut_quoted(&mut self, line: Line) -> Result<(), Problem<S::Error>> {
        let mut cut = Cut::default();
        let mut line = line;
        loop {
            let text: Vec<char> = self.buffer[line.text.clone()].chars().collect();
            let open = self.cut_part(&text, &mut cut)?;
            if !open {
                break;
            }
            // The line break belongs to the field.
            let ending = line.text.end..line.next;
            self.row.push_str(&self.buffer[ending]);
            match self.next_line()? {
                Some(more) => {
                    self.at = more.next;
                    line = more;
                }
                None => break,
            }
        }
        let some =
            self.dialect.delimiter.is_some() && (!self.fields.is_empty() || cut.started(self));
        if cut.state != State::Start || some {
            self.fields.push(cut.start..self.row.len());
        }
        Ok(())
    }

    /// Goes over a line; true if it ends inside quotes.
    fn cut_part(&mut self, text: &[char], cut: &mut Cut) -> Result<bool, Problem<S::Error>> {
        let Dialect {
            delimiter,
            comment,
            quote,
        } = self.dialect;
        let mut i = 0;
        while let Some(&c) = text.get(i) {
            i += 1;
            if cut.state == State::Quoted {
                if Some(c) != quote {
                    self.row.push(c);
                } else if text.get(i) == Some(&c) {
                    self.row.push(c);
                    i += 1;
                } else {
                    cut.state = State::Field;
                }
            } else if Some(c) == quote && cut.state == State::Start {
                cut.state = State::Quoted;
            } else if Some(c) == comment {
                return Ok(false);
            } else if delimiter.map_or_else(|| is_space(c), |d| d == c) {
                if delimiter.is_some() || cut.state != State::Start {
                    self.fields.push(cut.start..self.row.len());
                }
                cut.start = self.row.len();
                cut.state = State::Start;
            } else if self.by_line && matches!(c, '\n' | '\r') {
                return Err(Problem::EmbeddedNewline);
            } else {
                self.row.push(c);
                cut.state = State::Field;
            }
        }
        Ok(cut.state == State::Quoted)
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    /// Nothing of the field was met.
    #[default]
    Start,
    Field,
    Quoted,
}

/// Where the cutting of a line with quotes stands.
#[derive(Default)]
struct Cut {
    state: State,
    start: usize,
}

impl Cut {
    fn started<S>(&self, rows: &Rows<S>) -> bool {
        self.start < rows.row.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pieces(Vec<&'static str>);

    impl Source for Pieces {
        type Error = ();
        fn next_chunk(&mut self) -> Result<Option<String>, ()> {
            Ok((!self.0.is_empty()).then(|| self.0.remove(0).to_string()))
        }
    }

    fn all(pieces: &[&'static str], delimiter: Option<char>, by_line: bool) -> Vec<Vec<String>> {
        let dialect = Dialect {
            delimiter,
            comment: Some('#'),
            quote: Some('"'),
        };
        let mut rows = Rows::new(Pieces(pieces.to_vec()), dialect, by_line);
        let mut out = Vec::new();
        while let Ok(found @ (Row::Fields | Row::Empty)) = rows.next_row() {
            if found == Row::Fields {
                out.push((0..rows.len()).map(|i| rows.field(i).to_string()).collect());
            }
        }
        out
    }

    #[test]
    fn chunks_need_not_end_with_lines() {
        let rows = all(&["1,2\r", "\n3,", "4\r5,6"], Some(','), false);
        assert_eq!(rows, [["1", "2"], ["3", "4"], ["5", "6"]]);
    }

    #[test]
    fn white_space_and_comments() {
        let rows = all(&["  1 \t2 # x\n", "# all\n\n3 4"], None, false);
        assert_eq!(rows, [["1", "2"], ["3", "4"]]);
    }

    #[test]
    fn quotes() {
        let rows = all(&["\"a,\"\"b\"x,c\n\"d\ne\",f\n"], Some(','), false);
        assert_eq!(rows, [["a,\"bx", "c"], ["d\ne", "f"]]);
        let lines = all(&["\"a", "b\",c", "", "\"\",d"], Some(','), true);
        assert_eq!(lines, [["ab", "c"], ["", "d"]]);
        assert_eq!(all(&["\"a b\" c"], None, true), [["a b", "c"]]);
    }
}
