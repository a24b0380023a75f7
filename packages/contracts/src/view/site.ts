/** What an installation says of itself to those who open the web UI: whose it is, and what stands beside it. */
import * as z from 'zod';

/** Addresses become links, so nothing but the web is one. */
const webAddress = z.url({ protocol: /^https?$/ });

const siteLinkSchema = z.strictObject({
  name: z.string().min(1).nullable().describe('What the link is called; null: by what it leads to.'),
  url: webAddress,
});
export type SiteLink = z.infer<typeof siteLinkSchema>;

export const siteSchema = z.strictObject({
  personalPage: siteLinkSchema.nullable(),
  companyPage: siteLinkSchema.nullable(),
  licence: siteLinkSchema.nullable().describe('Null: the licence that comes with the web UI.'),
  repository: siteLinkSchema.nullable(),
  tensorboard: webAddress
    .nullable()
    .describe('A TensorBoard over the folder optimization_results of the artifacts; null: there is none.'),
});
export type Site = z.infer<typeof siteSchema>;

/**
 * @param text an address, or a name and an address: `https://example.org`, `Ada Lovelace https://example.org`
 * @returns undefined where the text is no such thing
 */
export function parseSiteLink(text: string): SiteLink | undefined {
  const words = text.trim().split(/\s+/);
  const url = words.pop() ?? '';
  const link = siteLinkSchema.safeParse({ name: words.join(' ') || null, url });
  return link.success ? link.data : undefined;
}
