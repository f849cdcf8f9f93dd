// Masks as arrays of bytes, row by row: grown, feathered, and read from what a detector found. Pure functions.

/** A mask that is `by` pixels larger all around (smaller where it is negative). */
export function grown(mask, width, height, by) {
  const pick = by < 0 ? Math.min : Math.max;
  let now = mask;
  for (let left = Math.abs(by); left > 0; left -= 1) {
    const before = now;
    const diagonal = left % 2 === 0;
    now = before.map((value, at) => {
      const x = at % width;
      const [west, east] = [x > 0, x < width - 1];
      const [north, south] = [at >= width, at < width * (height - 1)];
      let best = value;
      if (west) best = pick(best, before[at - 1]);
      if (east) best = pick(best, before[at + 1]);
      if (north) best = pick(best, before[at - width]);
      if (south) best = pick(best, before[at + width]);
      if (diagonal && north && west) best = pick(best, before[at - width - 1]);
      if (diagonal && north && east) best = pick(best, before[at - width + 1]);
      if (diagonal && south && west) best = pick(best, before[at + width - 1]);
      if (diagonal && south && east) best = pick(best, before[at + width + 1]);
      return best;
    });
  }
  return now;
}

/** A mask whose edge fades over about `by` pixels: two box blurs along each axis. */
export function feathered(mask, width, height, by) {
  if (!by) return mask;
  const reach = Math.max(1, Math.round(by / 2));
  let now = mask;
  for (let round = 0; round < 2; round += 1) {
    now = blurred(now, width, height, 1, width, reach);
    now = blurred(now, height, width, width, 1, reach);
  }
  return now;
}

/** Means over 2 * reach + 1 values along lines of `length`, whose values lie `step` apart and whose starts lie `next` apart. */
function blurred(mask, length, lines, step, next, reach) {
  const out = new Uint8ClampedArray(mask.length);
  for (let line = 0; line < lines; line += 1) {
    const at = (place) => mask[line * next + Math.max(0, Math.min(length - 1, place)) * step];
    let sum = 0;
    for (let place = -reach; place <= reach; place += 1) sum += at(place);
    for (let place = 0; place < length; place += 1) {
      out[line * next + place * step] = sum / (2 * reach + 1);
      sum += at(place + reach + 1) - at(place - reach);
    }
  }
  return out;
}

/** The shape of a thing that was found: its run lengths, or the whole of its box. */
export function shapes(thing, width, height) {
  const mask = new Uint8ClampedArray(width * height);
  if (thing.mask.length) {
    let at = 0;
    thing.mask.forEach((length, index) => {
      if (index % 2) mask.fill(255, at, at + length);
      at += length;
    });
    return mask;
  }
  const [left, top, right, bottom] = thing.box.map(Math.round);
  for (let row = Math.max(0, top); row < Math.min(height, bottom); row += 1) mask.fill(255, row * width + left, row * width + right);
  return mask;
}
