/** A decimal number as text in its one form: no exponent, no leading or trailing zeros, no `-0`. */
export type Decimal = string;

/** Beyond this a JSON number has lost digits, and no price or stock is real. */
const MAX_WHOLE_DIGITS = 15;
const MAX_TEXT_LENGTH = 40;
/** No separator or one, which is then the decimal mark: `1300`, `12.000`, `12,5`. */
const PLAIN = /^([+-]?)(\d*)(?:[.,](\d+))?$/;
/** Groups of three, then perhaps another mark: `1.234,56`, `1,234.56`, `1 234,56`, `1,234,567`. */
const GROUPED = /^([+-]?)(\d{1,3}(?:([., ])\d{3})(?:\3\d{3})*)(?:(?!\3)[.,](\d+))?$/;

/** Reads a number in any of the shapes that suppliers write; undefined when it is none.
 *  Text never passes through a float, so no digit of a price is lost. */
export function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value === 'number') return decimalOfText(textOfNumber(value));
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH) return undefined;
  return decimalOfText(value.trim().replaceAll(/\s/g, ' '));
}

function decimalOfText(text: string): Decimal | undefined {
  const plain = PLAIN.exec(text);
  if (plain) return normalForm(plain[1], plain[2], plain[3]);
  const grouped = GROUPED.exec(text);
  return grouped
    ? normalForm(grouped[1], grouped[2]?.replaceAll(/\D/g, ''), grouped[4])
    : undefined;
}

/** Floats such as 0.30000000000000004 are cut where their noise begins. */
function textOfNumber(value: number): string {
  const shortest = String(value);
  return /e-|\.\d{11}/.test(shortest) ? value.toFixed(9) : shortest;
}

function normalForm(sign = '', wholeDigits = '', fractionDigits = ''): Decimal | undefined {
  if (wholeDigits === '' && fractionDigits === '') return undefined;
  const whole = wholeDigits.replace(/^0+(?=\d)/, '') || '0';
  const fraction = fractionDigits.replace(/0+$/, '');
  if (whole.length > MAX_WHOLE_DIGITS) return undefined;
  const size = fraction === '' ? whole : `${whole}.${fraction}`;
  return sign === '-' && size !== '0' ? `-${size}` : size;
}

/** Multiplies by a power of ten, exactly: `shifted('1.3', 3)` is `1300`. */
export function shifted(decimal: Decimal, places: number): Decimal {
  const [sign, size] = decimal.startsWith('-') ? ['-', decimal.slice(1)] : ['', decimal];
  const [whole = '', fraction = ''] = size.split('.');
  const digits =
    '0'.repeat(Math.max(0, -places)) + whole + fraction + '0'.repeat(Math.max(0, places));
  const point = Math.max(0, -places) + whole.length + places;
  return normalForm(sign, digits.slice(0, point), digits.slice(point)) ?? decimal;
}

/** Money as it is stored and answered: whole amounts without decimals, others with at least two.
 *  Equal amounts are equal texts: `1300`, `1250.50`, `0.0015`. */
export function moneyText(decimal: Decimal): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return fraction === '' ? whole : `${whole}.${fraction.padEnd(2, '0')}`;
}
