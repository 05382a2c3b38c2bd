/** Of a code as it is typed: six digits, or a recovery code, with spaces. */
export const MAX_CODE_LENGTH = 40;

/** A second factor that counts from the first good code on. */
export interface SecondFactorDraft {
  /** What both sides make codes from, in base 32, for typing it. */
  secret: string;
  /** The same as an `otpauth:` address, for showing it as a QR code. */
  uri: string;
}

/** For the day on which the phone is lost. They are shown this once. */
export interface RecoveryCodes {
  /** Ten, each of which signs in once in place of a code. */
  recoveryCodes: string[];
}
