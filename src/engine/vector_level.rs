//! Vector levels: one source, compiled for several instruction sets, with the same bits on each.

/// A set of vector instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VectorLevel {
    /// What every machine of the target has (SSE2 on x86-64).
    Baseline,
    /// AVX2.
    Avx2,
    /// AVX-512.
    Avx512,
}

impl VectorLevel {
    /// The levels of this machine, lowest first.
    pub fn available() -> Vec<Self> {
        #[allow(unused_mut)]
        let mut levels = vec![Self::Baseline];
        #[cfg(target_arch = "x86_64")]
        {
            if pulp::x86::V3::try_new().is_some() {
                levels.push(Self::Avx2);
            }
            if pulp::x86::V4::try_new().is_some() {
                levels.push(Self::Avx512);
            }
        }
        levels
    }

    /// Its name, as reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "AVX2",
            Self::Avx512 => "AVX-512",
        }
    }

    /// The highest level of this machine.
    pub fn best() -> Self {
        Self::available().pop().unwrap_or(Self::Baseline)
    }

    /// Runs a job at this level; at a lower one where the machine does not have it.
    #[inline(always)]
    pub(crate) fn run<J: Job>(self, job: J) {
        #[cfg(target_arch = "x86_64")]
        {
            if self == Self::Avx512
                && let Some(token) = pulp::x86::V4::try_new()
            {
                return token.vectorize(Call(job));
            }
            if self >= Self::Avx2
                && let Some(token) = pulp::x86::V3::try_new()
            {
                return token.vectorize(Call(job));
            }
        }
        job.run();
    }
}

/// Work that is compiled anew for each level. The method, and all that it should take along, must be marked
/// `#[inline(always)]`: what is not inlined is compiled for the lowest level, once. (A closure cannot be
/// marked so, and a large one is not inlined.)
pub(crate) trait Job {
    fn run(self);
}

struct Call<J>(J);

impl<J: Job> pulp::NullaryFnOnce for Call<J> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run();
    }
}
