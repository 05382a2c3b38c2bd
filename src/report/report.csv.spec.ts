import type { AgentFigures, ReportOverview } from '../contract/report.js';
import { tableOf } from './report.csv.js';

const nothing = { median: null, p90: null };
const agent = (name: string | null): AgentFigures => ({
  agent: { id: 'a', role: 'agent', name, avatarUrl: null },
  ...{ assigned: 1, closed: 2, messages: 3, firstResponseMs: { median: 4, p90: 5 }, rating: { count: 6, mean: 4.5 } },
});
const report: ReportOverview = {
  ...{ rooms: { opened: 0, closed: 0, open: 0 }, messages: 0, firstResponseMs: nothing, resolutionMs: nothing, waitMs: nothing },
  rating: { count: 0, mean: null },
  perDay: [{ date: '2026-11-20', opened: 1, closed: 0, messages: 12 }],
  perHour: [{ hour: 9, opened: 1, closed: 0, messages: 12 }],
  perAgent: [],
};

describe('a report as CSV', () => {
  it('has a row for each day, hour of the day, or agent, under the names of the columns', () => {
    expect(tableOf(report, 'day')).toBe('date,opened,closed,messages\r\n2026-11-20,1,0,12\r\n');
    expect(tableOf(report, 'hour')).toBe('hour,opened,closed,messages\r\n9,1,0,12\r\n');
    expect(tableOf({ ...report, perAgent: [{ ...agent(null), firstResponseMs: nothing }] }, 'agent')).toBe(
      'agentId,name,assigned,closed,messages,firstResponseMedianMs,firstResponseP90Ms,ratings,ratingMean\r\na,,1,2,3,,,6,4.5\r\n',
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("http://evil.example","x")', '"\'=HYPERLINK(""http://evil.example"",""x"")"'],
    ['Alex, "the" agent', '"Alex, ""the"" agent"'],
    ['two\nlines', '"two\nlines"'],
  ])('A55 writes %j as %j', (name, cell) => {
    expect(tableOf({ ...report, perAgent: [agent(name)] }, 'agent').split('\r\n')[1]).toBe(`a,${cell},1,2,3,4,5,6,4.5`);
  });
});
