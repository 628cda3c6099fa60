//! `boljam assess` and `boljam audit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::case::load;
use super::language::LangArgument;
use super::{BadInput, print};
use crate::assess::{self, Reading, Variant};
use crate::report::assessment::{self, Format};
use crate::report::audit as audit_report;
use crate::report::monotown;

/// Assess the towns.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  boljam assess\n  boljam assess --variant raw-fractions\n  boljam assess --format csv > assessment.csv"
)]
pub(super) struct Arguments {
    /// Case folder (default: the Karaganda case)
    case: Option<PathBuf>,
    /// Which numbers of the source to start from
    #[arg(long, value_enum, default_value = "printed-inputs")]
    variant: VariantName,
    /// Mono-profile degree: sqrt(TDm1 TDm2), or the printed 100 - sqrt(TDm1 TDm2)
    #[arg(long, value_enum, default_value = "root")]
    tdm: TdmName,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    lang: LangArgument,
    /// Override a value of the case; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Audit the source.
#[derive(Debug, Args)]
#[command(after_help = "Example: boljam audit --format csv > audit.csv")]
pub(super) struct AuditArguments {
    /// Case folder (default: the Karaganda case)
    case: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    lang: LangArgument,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum VariantName {
    PrintedInputs,
    RawFractions,
    PrintedClasses,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TdmName {
    Root,
    Complement,
}

/// How a command writes its result.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FormatName {
    /// For people
    Table,
    /// Tidy CSV
    Csv,
    /// JSON
    Json,
}

impl FormatName {
    pub(super) fn format(self) -> Format {
        match self {
            Self::Table => Format::Table,
            Self::Csv => Format::Csv,
            Self::Json => Format::Json,
        }
    }
}

/// `boljam assess`.
pub(super) fn assess(arguments: &Arguments) -> anyhow::Result<()> {
    let case = load(arguments.case.as_deref(), &arguments.set)?;
    let variant = match arguments.variant {
        VariantName::PrintedInputs => Variant::PrintedInputs,
        VariantName::RawFractions => Variant::RawFractions,
        VariantName::PrintedClasses => Variant::PrintedClasses,
    };
    let reading = match arguments.tdm {
        TdmName::Root => Reading::default(),
        TdmName::Complement => {
            Reading::with(&case.method, "TDm", "complement").map_err(|e| BadInput(e.to_string()))?
        }
    };
    let assessment = assess::assess(&case, variant, &reading);
    let text = arguments.lang.text();
    let mut out = assessment::render(&assessment, arguments.format.format(), &text);
    if matches!(arguments.format, FormatName::Table) {
        let monotowns = monotown::table(&case, &text);
        if !monotowns.is_empty() {
            out.push('\n');
            out.push_str(&monotowns);
        }
    }
    print(&out)
}

/// `boljam audit`.
pub(super) fn audit(arguments: &AuditArguments) -> anyhow::Result<()> {
    let case = load(arguments.case.as_deref(), &[])?;
    print(&audit_report::render(
        &case,
        &assess::audit(&case),
        arguments.format.format(),
        &arguments.lang.text(),
    ))
}
