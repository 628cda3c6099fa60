//! Numbers as bytes: varints (seven bits a byte, the lowest first, the high bit set where more follow).

use super::error::StoreError;

/// Bytes that grow.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn varint(&mut self, mut n: u128) {
        while n > 0x7f {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    /// Signed numbers in zigzag: 0, -1, 1, -2, 2, ...
    pub(super) fn signed(&mut self, n: i128) {
        self.varint(((n << 1) ^ (n >> 127)) as u128);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.varint(text.len() as u128);
        self.bytes(text.as_bytes());
    }

    /// Counts one after the other; zeros in a row are a 0 and how many more follow it.
    pub(super) fn counts(&mut self, counts: impl Iterator<Item = u64>) {
        let mut zeros = 0_u128;
        for n in counts {
            if n == 0 {
                zeros += 1;
                continue;
            }
            self.zeros(zeros);
            zeros = 0;
            self.varint(n.into());
        }
        self.zeros(zeros);
    }

    fn zeros(&mut self, zeros: u128) {
        if zeros > 0 {
            self.0.push(0);
            self.varint(zeros - 1);
        }
    }
}

/// Bytes that are still to be read.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], StoreError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(StoreError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, StoreError> {
        let (first, rest) = self.0.split_first().ok_or(StoreError::Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn varint(&mut self) -> Result<u128, StoreError> {
        let mut n = 0;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            let bits = u128::from(byte & 0x7f);
            // The last byte of 128 bits has room for two of them.
            if (bits << shift) >> shift != bits {
                return Err(StoreError::Damaged);
            }
            n |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(StoreError::Damaged)
    }

    pub(super) fn signed(&mut self) -> Result<i128, StoreError> {
        let n = self.varint()?;
        Ok((n >> 1) as i128 ^ -((n & 1) as i128))
    }

    /// A number that may be at most so large.
    pub(super) fn count(&mut self, most: u64) -> Result<u64, StoreError> {
        let n = u64::try_from(self.varint()?).unwrap_or(u64::MAX);
        if n <= most { Ok(n) } else { Err(StoreError::Counts) }
    }

    pub(super) fn float(&mut self) -> Result<f64, StoreError> {
        let bytes = self.bytes(8)?.try_into().map_err(|_| StoreError::Damaged)?;
        Ok(f64::from_le_bytes(bytes))
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        let length = self.count(1000)?;
        String::from_utf8(self.bytes(length as usize)?.to_vec()).map_err(|_| StoreError::Damaged)
    }

    /// Fills places, which hold 0, with counts as [`Writer::counts`] wrote them, none above `most`.
    pub(super) fn counts<'p, T: 'p>(
        &mut self,
        most: u64,
        places: impl Iterator<Item = &'p mut T>,
        set: impl Fn(&mut T, u64),
    ) -> Result<(), StoreError> {
        let mut zeros = 0_u128;
        for place in places {
            if zeros > 0 {
                zeros -= 1;
                continue;
            }
            match self.count(most)? {
                0 => zeros = self.varint()?,
                n => set(place, n),
            }
        }
        if zeros == 0 { Ok(()) } else { Err(StoreError::Damaged) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        let signed = [0, 1, -1, 63, -64, 64, 1 << 90, i128::MAX, i128::MIN];
        let counts = [0, 0, 7, 0, 300, 0, 0, 0, 1, 0];
        let mut out = Writer::default();
        for n in &signed {
            out.signed(*n);
        }
        out.counts(counts.iter().copied());
        out.text("мо");
        let mut input = Reader(&out.0);
        assert!(signed.iter().all(|n| input.signed() == Ok(*n)));
        let mut read = [0; 10];
        input.counts(300, read.iter_mut(), |place, n| *place = n).unwrap();
        assert_eq!(read, counts);
        assert_eq!(input.text().unwrap(), "мо");
        assert!(input.0.is_empty());
        assert_eq!(input.varint(), Err(StoreError::Damaged));
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(Reader(&[0xff; 30]).varint(), Err(StoreError::Damaged));
        assert_eq!(Reader(&[0x80]).varint(), Err(StoreError::Damaged));
        assert_eq!(Reader(&[9]).count(8), Err(StoreError::Counts));
        // More zeros than places.
        let mut places = [0_u64; 2];
        let read = Reader(&[0, 5]).counts(9, places.iter_mut(), |place, n| *place = n);
        assert_eq!(read, Err(StoreError::Damaged));
        assert_eq!(Reader(&[200, 1, 65]).text(), Err(StoreError::Damaged));
    }
}
