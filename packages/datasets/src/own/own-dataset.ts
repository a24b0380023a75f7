/**
 * The user's own data: one folder per dataset below `ownDir`, used under the name `own/FOLDER`.
 *
 *   images   FOLDER/CLASS/*.jpg, or FOLDER/train/CLASS/*.jpg and FOLDER/test/CLASS/*.jpg
 *   texts    FOLDER/data.csv or FOLDER/data.jsonl, or train.csv and test.csv (.jsonl)
 *   dataset.json (optional): { title, description, licence, page, size, channels, sequenceLength }
 *
 * Only names go into a request, never paths: nobody can make a trainer read a folder of its choice.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOrThrow } from '@onegin/contracts';
import { datasetError, invalidData } from '../dataset-error.ts';
import type { DatasetSource } from '../dataset-source.ts';
import { imagesIn, subfolders } from '../formats/image-folder.ts';
import { ownSettingsSchema, type OwnFolder, type OwnSettings } from './own-folder.ts';
import { ownImages } from './own-images.ts';
import { ownTexts } from './own-texts.ts';

const NAME = /^own\/([a-z0-9][a-z0-9._-]{0,63})$/;

/** The folder's name in `own/NAME`, or undefined for another kind of name. */
export const ownFolderName = (name: string): string | undefined => NAME.exec(name)?.[1];

export async function listOwnNames(ownDir: string): Promise<string[]> {
  if (!existsSync(ownDir)) return [];
  const names = (await subfolders(ownDir)).map((folder) => `own/${folder}`);
  return names.filter((name) => ownFolderName(name) !== undefined);
}

async function readSettings(folder: string): Promise<OwnSettings> {
  const path = join(folder, 'dataset.json');
  const text = existsSync(path) ? await readFile(path, 'utf8') : '{}';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidData('is not JSON', { file: path, cause });
  }
  return parseOrThrow(ownSettingsSchema, json, path, 'dataset-invalid');
}

/** Names, sizes and times of all files: cheap to read, and changed by every edit. */
async function fingerprintOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const hash = createHash('sha256');
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file.slice(folder.length)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

const TEXT_FILES = ['data.csv', 'data.jsonl', 'train.csv', 'train.jsonl'];

/** @throws OneginError when there is no such folder, or nothing in it that could be a dataset */
export async function ownDataset(name: string, ownDir: string): Promise<DatasetSource> {
  const path = join(ownDir, ownFolderName(name)!);
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw datasetError('dataset-unknown', 'there is no dataset of this name', {
      expected: (await listOwnNames(ownDir)).join(', ') || `a folder in ${ownDir}`,
      found: `'${name}'`,
    });
  }
  const folder: OwnFolder = {
    name,
    path,
    settings: await readSettings(path),
    fingerprint: await fingerprintOf(path),
  };
  const texts = TEXT_FILES.find((file) => existsSync(join(path, file)));
  if (texts) return ownTexts(folder, join(path, texts));
  for (const part of ['.', 'train']) {
    for (const child of existsSync(join(path, part)) ? await subfolders(join(path, part)) : []) {
      if ((await imagesIn(join(path, part, child))).length) return ownImages(folder);
    }
  }
  throw invalidData('holds no dataset', {
    file: name,
    expected: `a folder of images per class, or one of ${TEXT_FILES.join(', ')}`,
    found: (await readdir(path)).slice(0, 8).join(', ') || 'an empty folder',
  });
}
