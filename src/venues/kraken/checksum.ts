// CRC32 is linear, so a level's share of the book's checksum is computed once, when the level changes. Each
// message then only combines the shares of the best levels. Let L(m) be the register after the bytes m,
// starting from an empty register. Let S_n map a register to the register after n more zero bytes. Then a
// register r becomes S_n(r) ^ L(m) after the n bytes m. See crc32_combine in zlib,
// https://github.com/madler/zlib/blob/v1.3.1/crc32.c The share itself is a XOR over the digits, each by its
// distance from the end, so no text has to be made.

const POLYNOMIAL = 0xedb88320;
const ZERO = 48;

/** Most digits of one level: two safe integers of 16 digits. */
const MAX_DIGITS = 32;

const BYTES = Int32Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1;
  return register;
});

const afterZeroByte = (register: number): number => (register >>> 8) ^ (BYTES[register & 0xff] ?? 0);

/** [distance from the end × 10 + digit]: the digit's share. */
const DIGITS = new Int32Array(MAX_DIGITS * 10);
/** [length × 1024 + index of a byte of the register × 256 + its value]: that byte's part in S_length. */
const SHIFTS = new Int32Array((MAX_DIGITS + 1) * 1024);

for (let digit = 0; digit < 10; digit++) {
  let register = BYTES[ZERO + digit] ?? 0;
  for (let distance = 0; distance < MAX_DIGITS; distance++) {
    DIGITS[distance * 10 + digit] = register;
    register = afterZeroByte(register);
  }
}
for (let byte = 0; byte < 4; byte++)
  for (let value = 0; value < 256; value++) {
    let register = value << (8 * byte);
    for (let length = 0; length <= MAX_DIGITS; length++) {
      SHIFTS[length * 1024 + byte * 256 + value] = register;
      register = afterZeroByte(register);
    }
  }

/** The register before the first byte. */
export const CHECKSUM_START = -1;

/** Number of decimal digits of a positive safe integer. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  return digits;
}

/**
 * The share of one integer's decimal digits. Its last digit is `distance` bytes from the end of the level's
 * text.
 */
function digitsShare(value: number, distance: number): number {
  let rest = value;
  let share = 0;
  let place = distance * 10;
  // Division is slow for doubles and fast for integers of 31 bits, so a large value is split into parts of
  // nine digits.
  while (rest >= 1e9) {
    const above = Math.floor(rest / 1e9);
    let low = (rest - above * 1e9) | 0;
    for (let digit = 0; digit < 9; digit++) {
      const tenth = (low / 10) | 0;
      share ^= DIGITS[place + low - tenth * 10] ?? 0;
      low = tenth;
      place += 10;
    }
    rest = above;
  }
  for (let low = rest | 0; low > 0; place += 10) {
    const tenth = (low / 10) | 0;
    share ^= DIGITS[place + low - tenth * 10] ?? 0;
    low = tenth;
  }
  return share;
}

/**
 * L of one level's text: the decimal digits of its price and then of its quantity, both positive integers.
 */
export const levelShare = (priceTicks: number, quantityTicks: number): number =>
  digitsShare(quantityTicks, 0) ^ digitsShare(priceTicks, digitsOf(quantityTicks));

/** The register after a level of `length` digits is added to it. */
export function withLevel(register: number, share: number, length: number): number {
  const table = length * 1024;
  return (
    share ^
    (SHIFTS[table + (register & 0xff)] ?? 0) ^
    (SHIFTS[table + 256 + ((register >>> 8) & 0xff)] ?? 0) ^
    (SHIFTS[table + 512 + ((register >>> 16) & 0xff)] ?? 0) ^
    (SHIFTS[table + 768 + (register >>> 24)] ?? 0)
  );
}

/** The checksum as the venue sends it, an unsigned 32-bit integer, from the register after the last byte. */
export const checksumOf = (register: number): number => ~register >>> 0;
