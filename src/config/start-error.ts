/** A fault that keeps the server from starting; its message is the one line that the operator reads. */
export class StartError extends Error {}
