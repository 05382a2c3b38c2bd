const PERSON = {
  en: 'human|person|agent|representative|operator|someone|somebody|people',
  de: 'mensch\\w*|mitarbeiter\\w*|berater\\w*|person|jemandem',
  fr: 'humain|personne|quelqu.un|conseill\\w+|agent|opérateur',
  es: 'humano|humana|persona|alguien|agente|operador\\w*',
};

const matchers = (patterns: string[]): RegExp[] => patterns.map((pattern) => new RegExp(pattern, 'iu'));

/** Said by somebody who wants to speak with a person, in the languages of many customers. Others are understood by a model. */
const FOR_A_PERSON = matchers([
  `(?:speak|talk|chat|connect|transfer)\\w*\\b.{0,15}\\b(?:to|with)\\b.{0,20}\\b(?:${PERSON.en})\\b`,
  `\\b(?:want|need|give|get|like)\\b.{0,20}\\b(?:a|an|some|real|live)\\s+(?:human|agent|representative|operator|person)\\b`,
  `^\\W*(?:human|agent|live agent|operator|representative|real person)\\b(?:,? please)?\\W*$`,
  `\\bmit\\s+(?:\\w+\\s+){0,3}(?:${PERSON.de})\\b.{0,20}\\b(?:sprechen|reden|schreiben|chatten|verb\\w+)`,
  `^\\W*(?:mensch|mitarbeiter|mitarbeiterin|berater)\\b(?:,? bitte)?\\W*$`,
  `(?:parler|discuter|passe[zr]?)\\b.{0,30}\\b(?:${PERSON.fr})`,
  `^\\W*(?:humain|conseiller|conseillère)\\b.{0,12}$`,
  `(?:hablar|comunicar\\w*|p[aá]s[ae]\\w*)\\b.{0,30}\\b(?:${PERSON.es})`,
  `^\\W*(?:humano|agente)\\b.{0,12}$`,
]);
/** Longer ones tell a story, in which people may well occur. */
const LONGEST_WISH = 300;

const GREETING =
  /^\W*(?:hi|hey|hello|hiya|good (?:morning|afternoon|evening|day)|hallo|moin|servus|guten (?:morgen|tag|abend)|bonjour|bonsoir|salut|hola|buen[oa]s(?: \p{L}+)?|ciao|buongiorno|ol[aá]|bom dia)(?: (?:there|all|everybody|zusammen))?\W*$/iu;

export const asksForPerson = (text: string): boolean => text.length <= LONGEST_WISH && FOR_A_PERSON.some((wish) => wish.test(text));

export const isGreeting = (text: string): boolean => GREETING.test(text);
