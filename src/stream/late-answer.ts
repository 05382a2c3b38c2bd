/** A machine's answer came after somebody else had spoken, or after the room was taken from it. */
export class LateAnswer extends Error {
  constructor() {
    super('the answer came too late');
  }
}
