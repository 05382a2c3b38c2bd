declare module 'fxa-common-password-list' {
  const commonPasswords: {
    /** Whether the password is among the most common ones of at least 8 characters. */
    test(password: string): boolean;
  };
  export default commonPasswords;
}
