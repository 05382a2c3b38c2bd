import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { bodyOf } from '@parley/client';
import type { AiUsageReport } from '../../../src/contract/assist.js';
import type { ReportOverview, ReportRows } from '../../../src/contract/report.js';
import { download } from '../../download.js';
import { useDesk } from '../desk.js';
import type { Asked } from './range.js';

/** What the API says of some days. While others are asked for, the last ones stay. */
export const useReport = (asked: Asked): UseQueryResult<ReportOverview> => {
  const { rest } = useDesk().parley;
  return useQuery({
    queryKey: ['report', asked],
    queryFn: () => bodyOf(rest.GET('/api/reports/overview', { params: { query: asked } })) as Promise<ReportOverview>,
    placeholderData: keepPreviousData,
  });
};

export const useAiReport = (asked: Asked): UseQueryResult<AiUsageReport> => {
  const { rest } = useDesk().parley;
  return useQuery({
    queryKey: ['report', 'ai', asked],
    queryFn: () => bodyOf(rest.GET('/api/reports/ai', { params: { query: asked } })),
    placeholderData: keepPreviousData,
  });
};

/** Puts a table that the API has written into a file. @throws ParleyError */
export const useDownload = (): ((asked: Asked, rows: ReportRows) => Promise<void>) => {
  const { rest } = useDesk().parley;
  return async (asked, rows) => {
    const query = { ...asked, format: 'csv', rows } as const;
    const table = await bodyOf(rest.GET('/api/reports/overview', { params: { query }, parseAs: 'blob' }));
    download(`report-by-${rows}-${asked.from}-${asked.to}.csv`, table);
  };
};
