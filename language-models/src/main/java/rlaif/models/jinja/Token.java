package rlaif.models.jinja;

/// A piece of a template's source.
///
/// @param text of a string its content, of all others how they are written
/// @param line from 1
record Token(Kind kind, String text, int line) {

    /// What a token is.
    enum Kind {
        /// Text between the tags.
        DATA,
        /// `{{`
        OUTPUT_BEGIN,
        /// `}}`
        OUTPUT_END,
        /// `{%`
        TAG_BEGIN,
        /// `%}`
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        REAL,
        OPERATOR,
        /// After the last one.
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }
}
