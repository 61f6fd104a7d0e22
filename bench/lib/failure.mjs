// What ends a program with one sentence instead of a stack trace.
export class Failure extends Error {
  constructor(sentence, exitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

export const usage = (sentence) => new Failure(sentence, 2);
