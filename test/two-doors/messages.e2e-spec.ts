import { compareDoors } from '../support/two-doors.js';
import { MESSAGE_CASES } from '../support/two-doors-cases.js';

describe('two doors, one use case: messages', () => compareDoors(MESSAGE_CASES));
