/**
 * Takes an exported study into a store. The whole file is checked before anything is written: what it lists, every
 * checksum, and that its log leads to its state. What does not fit is refused with its place and its reason.
 */
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import {
  acceptEvent,
  archiveIndexKey,
  archiveKey,
  newRecords,
  OneginError,
  parseOrThrow,
  parseStudyEvent,
  reduceStudy,
  studyFileSchema,
  studyPrefix,
} from '@onegin/contracts';
import type { ArchiveEntry, ArtifactRef, StudyFile, StudyState } from '@onegin/contracts';
import type { ArtifactStore } from '../artifact-store.ts';
import { checkKey } from '../artifact-key.ts';
import { sha256 } from '../integrity.ts';
import { archiveEntry, artifactsOf } from './archived-study.ts';
import { MANIFEST, refsOf } from './export-study.ts';

/** No file of a study is larger; each is held in memory while it is checked. */
const MOST_FILE_BYTES = 2 ** 30;

/**
 * @param path of the file
 * @throws OneginError `request-invalid` naming the place in the file, `idempotency-conflict` where the store has the
 *   job already
 */
export async function importStudy(store: ArtifactStore, path: string): Promise<ArchiveEntry> {
  const file = await checkStudyFile(path);
  const { entry } = file;
  if (await has(store, entry.jobId))
    throw new OneginError('idempotency-conflict', `entry.jobId: job ${entry.jobId} is in the store already`);
  const refs = new Map(refsOf(file).map((ref) => [ref.key, ref]));
  await eachFile(path, async (name, bytes) => {
    const ref = refs.get(name);
    if (ref) await store.put(ref.key, bytes, ref);
  });
  // Written last: until then nobody finds the study.
  await store.put(archiveIndexKey(entry.jobId), Buffer.from(JSON.stringify(entry)), {
    kind: 'archive-index',
    contentType: 'application/json',
  });
  return entry;
}

/** Reads the whole file and answers what it lists. @throws OneginError `request-invalid` */
export async function checkStudyFile(path: string): Promise<StudyFile> {
  let file: StudyFile | null = null;
  const missing = new Map<string, ArtifactRef>();
  const kept = new Map<string, Buffer>();
  await eachFile(path, (name, bytes) => {
    if (!file) {
      file = manifestOf(name, bytes);
      for (const ref of refsOf(file)) missing.set(ref.key, ref);
      return;
    }
    const ref = missing.get(name);
    if (!ref) throw refuse(name, 'expected a file that is listed, and once', 'another one');
    checkBytes(ref, bytes);
    missing.delete(name);
    if (ref === file.entry.files.study || ref === file.entry.files.log) kept.set(name, bytes);
  });
  if (!file) throw refuse(MANIFEST, 'expected a study that Onegin exported', 'an empty file');
  const [lost] = missing.keys();
  if (lost !== undefined) throw refuse(lost, 'expected the file', 'the end');
  checkStory(file, kept);
  return file;
}

function manifestOf(name: string, bytes: Buffer): StudyFile {
  if (name !== MANIFEST) throw refuse(MANIFEST, 'expected it first', name);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch {
    throw refuse(MANIFEST, 'expected JSON', bytes.subarray(0, 40).toString());
  }
  const file = parseOrThrow(studyFileSchema, json, MANIFEST, 'request-invalid');
  const { runName, files } = file.entry;
  // A file from elsewhere must not write outside its own study's folder.
  for (const { key } of refsOf(file)) checkKey(key);
  const stray = refsOf(file).find(({ key }) => !key.startsWith(studyPrefix(runName)));
  if (stray) throw refuse(stray.key, `expected a key below ${studyPrefix(runName)}`, stray.key);
  for (const [field, name] of [
    ['study', 'study.json'],
    ['log', 'log.ndjson'],
  ] as const)
    if (files[field].key !== archiveKey(runName, name))
      throw refuse(`entry.files.${field}.key`, `expected ${archiveKey(runName, name)}`, files[field].key);
  return file;
}

function checkBytes(ref: ArtifactRef, bytes: Buffer): void {
  if (bytes.length !== ref.bytes) throw refuse(ref.key, `expected ${ref.bytes} bytes`, String(bytes.length));
  const found = sha256(bytes);
  if (found !== ref.sha256) throw refuse(ref.key, `expected SHA-256 ${ref.sha256}`, found);
}

/** The log must be one that could have been written, and lead to the state. */
function checkStory({ entry, artifacts }: StudyFile, kept: ReadonlyMap<string, Buffer>): void {
  const { study, log } = entry.files;
  const state = JSON.parse(kept.get(study.key)!.toString()) as StudyState;
  const records = newRecords();
  let folded: StudyState | null = null;
  const lines = kept.get(log.key)!.toString().split('\n').slice(0, -1);
  for (const [i, line] of lines.entries()) {
    const where = `${log.key}, line ${i + 1}`;
    const event = parsedEvent(line, where);
    const refusal = event.seq === i + 1 ? acceptEvent(records, event) : `sequence number ${event.seq}`;
    if (refusal) throw refuse(where, 'expected an event that may follow', `${event.type} (${refusal})`);
    folded = reduceStudy(folded, event);
  }
  if (folded?.jobId !== entry.jobId || folded.endedAt === null)
    throw refuse(log.key, `expected the whole log of ${entry.jobId}`, folded?.jobId ?? 'no event');
  if (JSON.stringify(folded) !== JSON.stringify(state))
    throw refuse(study.key, 'expected the state that the log leads to', 'another one');
  const listed = new Set(artifacts.map(({ key, sha256: sum }) => `${key} ${sum}`));
  const unlisted = artifactsOf(folded).find(({ key, sha256: sum }) => !listed.has(`${key} ${sum}`));
  if (unlisted) throw refuse(MANIFEST, `expected ${unlisted.key} among the artifacts`, 'none');
}

function parsedEvent(line: string, where: string) {
  try {
    return parseStudyEvent(JSON.parse(line));
  } catch (error) {
    throw refuse(where, 'expected an event', error instanceof Error ? error.message.slice(0, 200) : line);
  }
}

async function has(store: ArtifactStore, jobId: string): Promise<boolean> {
  try {
    await archiveEntry(store, jobId);
    return true;
  } catch (error) {
    if (error instanceof OneginError && error.code === 'job-unknown') return false;
    throw error;
  }
}

async function eachFile(
  path: string,
  look: (name: string, bytes: Buffer) => void | Promise<void>,
): Promise<void> {
  const tar = extract();
  const source = createReadStream(path).on('error', (error) => tar.destroy(error));
  source.pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      if (size > MOST_FILE_BYTES)
        throw refuse(name, `expected at most ${MOST_FILE_BYTES} bytes`, String(size));
      await look(name, await buffer(entry as AsyncIterable<Buffer>));
    }
  } catch (error) {
    if (error instanceof OneginError) throw error;
    throw refuse(path, 'expected a study that Onegin exported', error instanceof Error ? error.message : '');
  } finally {
    source.destroy();
  }
}

const refuse = (field: string, expected: string, found: string): OneginError =>
  new OneginError('request-invalid', `${field}: ${expected}, found ${found}`, {
    problems: [{ field, expected, found }],
  });
