import { inLanguageOf } from '../business/in-language.js';

interface Notices {
  /** Of a mail: its subject, what stands before the link, and why it comes. `{business}` is the name of the business. */
  mail: [subject: string, link: string, why: string];
  /** A message with nothing but files. */
  file: string;
  stillThere: string;
  /** `{minutes}` stands for how long the customer has waited. */
  waiting: string;
}

/** What is said where the business has no words of its own, in the languages of many; in others it is English. */
const NOTICES: Record<string, Notices> & { en: Notices } = {
  en: {
    stillThere: 'Are you still there?',
    waiting: 'The customer has been waiting for an answer for {minutes} minutes.',
    mail: [
      '{business} has answered you',
      'Go on with the chat here. The link works once, for 72 hours:',
      'You get this because you left this address in a chat with {business}. Nobody reads answers to this mail.',
    ],
    file: '(a file)',
  },
  de: {
    stillThere: 'Sind Sie noch da?',
    waiting: 'Die Kundin oder der Kunde wartet seit {minutes} Minuten auf eine Antwort.',
    mail: [
      '{business} hat Ihnen geantwortet',
      'Hier geht der Chat weiter. Der Link gilt einmal, 72 Stunden lang:',
      'Sie erhalten dies, weil Sie diese Adresse in einem Chat mit {business} angegeben haben. Antworten auf diese Mail liest niemand.',
    ],
    file: '(eine Datei)',
  },
  fr: {
    stillThere: 'Êtes-vous toujours là ?',
    waiting: 'Le client attend une réponse depuis {minutes} minutes.',
    mail: [
      '{business} vous a répondu',
      'Continuez la discussion ici. Le lien est valable une fois, pendant 72 heures :',
      'Vous recevez ceci parce que vous avez laissé cette adresse dans une discussion avec {business}. Personne ne lit les réponses à ce message.',
    ],
    file: '(un fichier)',
  },
  es: {
    stillThere: '¿Sigue ahí?',
    waiting: 'El cliente espera una respuesta desde hace {minutes} minutos.',
    mail: [
      '{business} le ha respondido',
      'Siga con el chat aquí. El enlace sirve una vez, durante 72 horas:',
      'Recibe esto porque dejó esta dirección en un chat con {business}. Nadie lee las respuestas a este correo.',
    ],
    file: '(un archivo)',
  },
  it: {
    stillThere: 'È ancora in linea?',
    waiting: 'Il cliente aspetta una risposta da {minutes} minuti.',
    mail: [
      '{business} Le ha risposto',
      'Continui la chat qui. Il link vale una volta, per 72 ore:',
      'Riceve questo messaggio perché ha lasciato questo indirizzo in una chat con {business}. Nessuno legge le risposte a questa e-mail.',
    ],
    file: '(un file)',
  },
  pt: {
    stillThere: 'Ainda está aí?',
    waiting: 'O cliente espera uma resposta há {minutes} minutos.',
    mail: [
      '{business} respondeu-lhe',
      'Continue o chat aqui. A ligação serve uma vez, durante 72 horas:',
      'Recebe isto porque deixou este endereço num chat com {business}. Ninguém lê as respostas a este e-mail.',
    ],
    file: '(um ficheiro)',
  },
  nl: {
    stillThere: 'Bent u er nog?',
    waiting: 'De klant wacht al {minutes} minuten op antwoord.',
    mail: [
      '{business} heeft u geantwoord',
      'Ga hier verder met de chat. De link werkt één keer, 72 uur lang:',
      'U krijgt dit omdat u dit adres in een chat met {business} hebt achtergelaten. Antwoorden op deze mail leest niemand.',
    ],
    file: '(een bestand)',
  },
};

export const noticesIn = (locale: string): Notices => inLanguageOf(locale, NOTICES);
