/** What there is in the language of a locale such as `pt-BR`, else what there is in English. */
export const inLanguageOf = <Words>(locale: string, all: Record<string, Words> & { en: Words }): Words =>
  all[locale.toLowerCase().split('-')[0] ?? ''] ?? all.en;
