/** A 13-digit EAN from its first 12 digits: digits in even places count three times. */
function withCheckDigit(digits: string): string {
  const sum = digits
    .split('')
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** The maker's barcode, as printed; 300 to 379 is France. */
export function eanOf(id: number, ordinal: number): string {
  return withCheckDigit(`37${ordinal}${String(id).padStart(9, '0')}`);
}

/** The code a shop makes for itself, in the range reserved for that. */
export function internalEanOf(id: number): string {
  return withCheckDigit(`200${String(id).padStart(9, '0')}`);
}
