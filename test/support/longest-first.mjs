import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** What takes longest, so that nothing long is left for the end, when only one worker has something to do. */
const LONGEST = [
  'race-claims',
  'race',
  'browser/console-people',
  'browser/console',
  'browser/console-inbox',
  'browser/console-settings',
  'browser/console-reports',
  'message-scale',
  'start',
  'report-scale',
  'browser/guest-page',
  'permission',
  'mail',
  'presence',
  'state-and-events',
  'routing',
  'customer',
  'upload',
  'assist-model',
  'export',
  'sdk',
];

/** Without a memory of earlier runs Jest begins with the largest files. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path, context }) => {
      const name = relative(`${context.config.rootDir}/test`, path).replace('.e2e-spec.ts', '');
      return LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length;
    };
    return super.sort(tests).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
