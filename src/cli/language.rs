//! `--lang`: the language of what a command prints, draws or writes for people.

use clap::{Args, ValueEnum};

use crate::archive::Manifest;
use crate::text::{Language, Text};

/// The option `--lang`, shared by every command that has words for people.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct LangArgument {
    /// Language of tables, figures and reports; identifiers in CSV and JSON do not change
    #[arg(long = "lang", value_enum, default_value = "en")]
    lang: LangName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangName {
    /// English
    En,
    /// Kazakh
    Kk,
    /// Russian
    Ru,
}

impl LangName {
    fn language(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::Kk => Language::Kk,
            Self::Ru => Language::Ru,
        }
    }
}

impl LangArgument {
    /// The chosen language.
    pub(super) fn language(self) -> Language {
        self.lang.language()
    }

    /// Its catalogue.
    pub(super) fn text(self) -> Text {
        Text::of(self.language())
    }
}

/// The option `--lang` of commands that redraw a result: without it, the language of the result.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct RedrawLangArgument {
    /// Language of figures and reports (default: that of the result)
    #[arg(long = "lang", value_enum)]
    lang: Option<LangName>,
}

impl RedrawLangArgument {
    /// The catalogue of the chosen language, or of the result's.
    pub(super) fn text_for(self, manifest: &Manifest) -> Text {
        self.lang.map_or_else(|| manifest.text(), |lang| Text::of(lang.language()))
    }
}
