/**
 * Numbers as decimals as C's `printf` writes them: the double's exact value, a tie to the
 * even digit. JavaScript's `toFixed` takes ties away from zero, and gives up at 1e21. Pure.
 *
 * @module
 */

/** A finite number that is not negative as `mantissa * 2 ** exponent`. */
function parts(value: number): [mantissa: bigint, exponent: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n & 0x7ffn);
  const fraction = bits & (1n << 52n) - 1n;
  return exponent === 0 ? [fraction, -1074] : [fraction | 1n << 52n, exponent - 1075];
}

/** `value * 10 ** power`, rounded to an integer, a tie to the even one. */
function scaled(value: number, power: number): bigint {
  const [mantissa, exponent] = parts(value);
  let above = mantissa;
  let below = 1n;
  if (exponent >= 0) above <<= BigInt(exponent);
  else below <<= BigInt(-exponent);
  if (power >= 0) above *= 10n ** BigInt(power);
  else below *= 10n ** BigInt(-power);
  const quotient = above / below;
  const twice = 2n * (above % below);
  const isUp = twice > below || twice === below && (quotient & 1n) === 1n;
  return isUp ? quotient + 1n : quotient;
}

/** A number that is not negative with this many digits behind the point: C's `%.*f`. */
export function fixed(value: number, digits: number): string {
  const text = scaled(value, digits).toString().padStart(digits + 1, "0");
  const point = text.length - digits;
  return digits === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`;
}

/**
 * The digits of a number that is not negative, this many behind the first one, and the power
 * of ten of the first one: C's `%.*e`.
 */
export function exponential(
  value: number,
  digits: number,
): [digits: string, exponent: number] {
  if (value === 0) return ["0".repeat(digits + 1), 0];
  // The exact value may be below the power of the shortest text, or be rounded up to more.
  let exponent = Number(value.toExponential().split("e")[1]) - 1;
  let text = scaled(value, digits - exponent).toString();
  while (text.length > digits + 1) text = scaled(value, digits - ++exponent).toString();
  return [text, exponent];
}
