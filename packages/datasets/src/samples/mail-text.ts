/**
 * What a reader sees of a mail: the subject and the text, decoded.
 *
 * All other headers are left out on purpose. The corpus was collected from a few mailboxes: delivery lines, list
 * headers, dates and mail programs tell which collection a mail came from, and with it the label, without a word of
 * it being read. A network trained on them would score well and have learnt nothing about mail.
 */
import PostalMime from 'postal-mime';

/** Marks that mailing lists and filters put in front of a subject; the lists of this corpus carry ham only. */
const SUBJECT_TAGS = /^\s*(?:(?:re|fwd?|aw)\s*:|\[[^\]]{1,40}\])\s*/i;

export async function mailText(mail: string): Promise<string> {
  // An mbox separator is not a header.
  const parsed = await PostalMime.parse(mail.replace(/^From .*\n/, ''));
  let subject = parsed.subject ?? '';
  for (let last = ''; last !== subject;) [last, subject] = [subject, subject.replace(SUBJECT_TAGS, '')];
  const body = parsed.text?.trim() ? parsed.text : htmlToText(parsed.html ?? '');
  return `${subject}\n${withoutListFooter(looksLikeHtml(body) ? htmlToText(body) : body)}`;
}

const looksLikeHtml = (text: string): boolean => /<(?:html|body|table|font|p|br)\b/i.test(text);

/** A list's footer ("____ … mailing list …") stands at the end of ham only, like the list's headers. */
const withoutListFooter = (text: string): string =>
  text.replace(/\n_{20,}\n(?:.*\n){0,3}?.*mailing list[\s\S]*$/i, '');

const ENTITIES: Record<string, string> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The words of an HTML text; layout doesn't matter here, only that tags, scripts and styles are gone. */
export function htmlToText(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<\/?[a-z!][^>]*>/gi, ' ')
    .replace(/&#(\d{1,6});/g, (_, code: string) => codePoint(Number(code)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) => codePoint(parseInt(code, 16)))
    .replace(/&([a-z]{2,6});/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole);
}

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : ' ');
