interface Wording {
  stillThere: string;
  /** `{minutes}` stands for how long the customer has waited. */
  waiting: string;
}

/** What is said where the business has no words of its own, in the languages of many; in others it is English. */
const WORDINGS: Record<string, Wording> = {
  en: { stillThere: 'Are you still there?', waiting: 'The customer has been waiting for an answer for {minutes} minutes.' },
  de: { stillThere: 'Sind Sie noch da?', waiting: 'Die Kundin oder der Kunde wartet seit {minutes} Minuten auf eine Antwort.' },
  fr: { stillThere: 'Êtes-vous toujours là ?', waiting: 'Le client attend une réponse depuis {minutes} minutes.' },
  es: { stillThere: '¿Sigue ahí?', waiting: 'El cliente espera una respuesta desde hace {minutes} minutos.' },
  it: { stillThere: 'È ancora in linea?', waiting: 'Il cliente aspetta una risposta da {minutes} minuti.' },
  pt: { stillThere: 'Ainda está aí?', waiting: 'O cliente espera uma resposta há {minutes} minutos.' },
  nl: { stillThere: 'Bent u er nog?', waiting: 'De klant wacht al {minutes} minuten op antwoord.' },
};

export const wordingOf = (locale: string): Wording => WORDINGS[locale.toLowerCase().split('-')[0] ?? ''] ?? (WORDINGS.en as Wording);
