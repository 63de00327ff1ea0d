/**
 * Tiles out of one file, of which only the parts that are looked at are asked for: PMTiles, version 3
 * (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md). Tiles are pictures here; directories may be packed with gzip.
 */

const HEADER = 127;
const FIRST = 16_384; // the header and the root directory lie within
const MOST_LEAVES = 64;

interface Entry {
  id: number;
  offset: number;
  length: number;
  /** For how many tiles in a row it stands; 0 for a directory of more entries. */
  run: number;
}
interface Head {
  leaves: number;
  tiles: number;
  packed: boolean;
  root: Entry[];
  zooms: [number, number];
}

export class Archive {
  #head: Promise<Head> | undefined;
  #leaves = new Map<number, Promise<Entry[]>>();

  constructor(readonly address: string) {}

  /** The farthest and the nearest zoom of which it has tiles. Throws where it cannot be read, or its tiles are no pictures. */
  async zooms(): Promise<[number, number]> {
    return (await (this.#head ??= this.#begin())).zooms;
  }

  /** The picture of a tile; undefined where the archive has none. Throws where it cannot be read. */
  async tile(z: number, x: number, y: number, signal?: AbortSignal): Promise<ArrayBuffer | undefined> {
    const head = await (this.#head ??= this.#begin());
    const id = number(z, x, y);
    let entries = head.root;
    for (let depth = 0; depth < 4; depth++) {
      const found = at(entries, id);
      if (!found) return undefined;
      if (found.run) return this.#part(head.tiles + found.offset, found.length, signal);
      entries = await this.#leaf(head, found);
    }
    return undefined;
  }

  async #begin(): Promise<Head> {
    const bytes = await this.#part(0, FIRST);
    const view = new DataView(bytes);
    if (bytes.byteLength < HEADER || new TextDecoder().decode(bytes.slice(0, 7)) !== "PMTiles" || view.getUint8(7) !== 3) {
      throw new Error(`${this.address} is no PMTiles archive of version 3`);
    }
    if (view.getUint8(99) < 2) throw new Error(`${this.address} holds vector tiles, not pictures`);
    const far = (from: number) => Number(view.getBigUint64(from, true));
    const packed = view.getUint8(97) === 2;
    const [from, length] = [far(8), far(16)];
    const root = from + length <= bytes.byteLength ? bytes.slice(from, from + length) : await this.#part(from, length);
    const entries = entriesOf(await unpacked(root, packed));
    return { leaves: far(40), tiles: far(56), packed, root: entries, zooms: [view.getUint8(100), view.getUint8(101)] };
  }

  #leaf(head: Head, { offset, length }: Entry): Promise<Entry[]> {
    const known = this.#leaves.get(offset);
    if (known) return known;
    const made = this.#part(head.leaves + offset, length)
      .then((bytes) => unpacked(bytes, head.packed))
      .then(entriesOf);
    if (this.#leaves.size >= MOST_LEAVES) this.#leaves.clear();
    this.#leaves.set(offset, made);
    made.catch(() => this.#leaves.delete(offset));
    return made;
  }

  async #part(from: number, length: number, signal?: AbortSignal): Promise<ArrayBuffer> {
    const answer = await fetch(this.address, { headers: { Range: `bytes=${from}-${from + length - 1}` }, signal: signal ?? null });
    if (answer.status !== 206 && !(answer.status === 200 && from === 0)) throw new Error(`${this.address}: ${answer.status}`);
    return (await answer.arrayBuffer()).slice(0, length);
  }
}

/** The number of a tile: those of all farther zooms first, then along Hilbert's curve. */
export function number(z: number, x: number, y: number): number {
  let id = (4 ** z - 1) / 3;
  for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
    const [right, low] = [Math.floor(x / side) % 2, Math.floor(y / side) % 2];
    id += side * side * ((3 * right) ^ low);
    if (low) continue;
    if (right) [x, y] = [2 ** z - 1 - x, 2 ** z - 1 - y];
    [x, y] = [y, x];
  }
  return id;
}

/** The entry that a tile is in, or that leads on to it. */
function at(entries: Entry[], id: number): Entry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.id <= id) low = middle + 1;
    else high = middle;
  }
  const found = entries[low - 1];
  return found && (found.run === 0 || id < found.id + found.run) ? found : undefined;
}

/** A directory: columns of numbers, each of as many bytes as it needs. */
export function entriesOf(bytes: Uint8Array): Entry[] {
  let place = 0;
  const next = (): number => {
    let [value, times] = [0, 1];
    for (;;) {
      const byte = bytes[place++];
      if (byte === undefined) throw new Error("the directory of the tiles is cut off");
      value += (byte & 127) * times;
      if (byte < 128) return value;
      times *= 128;
    }
  };
  const count = next();
  const entries: Entry[] = [];
  let id = 0;
  for (let i = 0; i < count; i++) entries.push({ id: (id += next()), offset: 0, length: 0, run: 0 });
  for (const entry of entries) entry.run = next();
  for (const entry of entries) entry.length = next();
  entries.forEach((entry, i) => {
    const told = next();
    const before = entries[i - 1];
    entry.offset = told === 0 && before ? before.offset + before.length : told - 1;
  });
  return entries;
}

async function unpacked(bytes: ArrayBuffer, packed: boolean): Promise<Uint8Array> {
  if (!packed) return new Uint8Array(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
