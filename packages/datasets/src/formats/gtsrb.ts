/**
 * GTSRB, the German Traffic Sign Recognition Benchmark: zips of PPM images with CSV tables (separated by ';') that
 * give the class of each file.
 *
 *   training  …/Images/00014/00003_00029.ppm   class 14, track 3 (one physical sign), frame 29;  …/GT-00014.csv
 *   test      …/Images/00000.ppm               and, in a zip of its own, GT-final_test.csv
 *
 * The frames of a track show the same sign a few metres apart, so that a track is one group for the split.
 */
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf, type OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import type { RawImages } from '../raw-dataset.ts';
import { parsePpm } from './ppm.ts';
import { resizePixels } from './resize.ts';
import { SIGN_LIMITS } from './limits.ts';
import { readZip } from './zip.ts';

export const GTSRB_SIDE = 32;
const PIXELS = GTSRB_SIDE * GTSRB_SIDE * 3;

/** Class by file name. */
type Table = Map<string, number>;

export function parseGtsrbTable(bytes: Buffer, file: string): Table {
  const noTable = (found: string, cause?: unknown): OneginError =>
    invalidData('is not a table of GTSRB', {
      file,
      expected: "columns Filename and ClassId, separated by ';'",
      found: found.slice(0, 80),
      cause,
    });
  const table: Table = new Map();
  for (const row of rowsOf(bytes, noTable)) {
    const { Filename, ClassId } = row;
    if (!Filename || !ClassId || !/^\d+$/.test(ClassId)) throw noTable(Object.keys(row).join(';'));
    table.set(Filename, Number(ClassId));
  }
  return table;
}

type Row = Record<string, string | undefined>;

function rowsOf(bytes: Buffer, noTable: (found: string, cause: unknown) => OneginError): Row[] {
  try {
    return parse(bytes, { delimiter: ';', columns: true, skip_empty_lines: true, bom: true }) as Row[];
  } catch (cause) {
    throw noTable(messageOf(cause), cause);
  }
}

interface Found {
  name: string;
  pixels: Uint8Array;
}

async function readImages(path: string, tables: Table[], signal?: AbortSignal): Promise<Found[]> {
  const images: Found[] = [];
  const wanted = (name: string): boolean => /\.(ppm|csv)$/i.test(name);
  for await (const { name, bytes } of readZip(path, { wanted, limits: SIGN_LIMITS, signal })) {
    const file = `${basename(path)} › ${name}`;
    if (name.endsWith('.csv')) {
      // The table inside the test images lacks the classes; the one that has them comes in its own zip.
      if (/GT-\d+\.csv$|GT-final_test\.csv$/.test(name)) tables.push(parseGtsrbTable(bytes, file));
    } else {
      images.push({ name, pixels: await resizePixels(parsePpm(bytes, file), GTSRB_SIDE, GTSRB_SIDE) });
    }
  }
  // By name, since the order in a zip is nobody's promise.
  return images.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function assemble(
  images: Found[],
  classOf: (name: string) => number | undefined,
  archive: string,
): RawImages {
  const inputs = new Uint8Array(images.length * PIXELS);
  const labels = new Int32Array(images.length);
  const groups = new Int32Array(images.length);
  const tracks = new Map<string, number>();
  images.forEach(({ name, pixels }, i) => {
    const label = classOf(name);
    if (label === undefined)
      throw invalidData('has an image that no table names', {
        file: archive,
        expected: 'a row with its class',
        found: name,
      });
    inputs.set(pixels, i * PIXELS);
    labels[i] = label;
    const track = name.replace(/_\d+\.ppm$/i, '');
    groups[i] = tracks.get(track) ?? tracks.size;
    tracks.set(track, groups[i]!);
  });
  return { inputs, labels, groups };
}

/** Training images: file names repeat from class to class, so the folder must agree with the table. */
export async function readGtsrbTraining(path: string, signal?: AbortSignal): Promise<RawImages> {
  const tables: Table[] = [];
  const images = await readImages(path, tables, signal);
  const known = new Set(tables.flatMap((table) => [...table].map(([file, label]) => `${label}/${file}`)));
  const classOf = (name: string): number | undefined => {
    const [folder, file] = name.split('/').slice(-2);
    return known.has(`${Number(folder)}/${file}`) ? Number(folder) : undefined;
  };
  return assemble(images, classOf, basename(path));
}

export async function readGtsrbTest(images: string, truth: string, signal?: AbortSignal): Promise<RawImages> {
  const tables: Table[] = [];
  await readImages(truth, tables, signal);
  const found = await readImages(images, [], signal);
  const classOf = (name: string): number | undefined => tables[0]?.get(basename(name));
  const { inputs, labels } = assemble(found, classOf, basename(images));
  return { inputs, labels };
}
